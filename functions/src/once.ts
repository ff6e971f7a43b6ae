/**
 * Made at the first call and kept: an instance that never needs it does not pay for it. A promise that fails is not kept:
 * what fails in passing would fail for the instance's life.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    if (made !== undefined) return made.value
    const own = { value: make() }
    made = own
    if (own.value instanceof Promise)
      own.value.catch(() => {
        if (made === own) made = undefined
      })
    return own.value
  }
}
