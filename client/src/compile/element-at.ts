/** An element that is known to be there: an index out of bounds is a mistake in this folder, and must not turn into 0. */
export function elementAt(array: Uint32Array, index: number): number {
  const value = array[index]
  if (value === undefined) throw new RangeError(`index ${index} is outside an array of ${array.length} numbers`)
  return value
}
