const maxShownCharacters = 80

/** How a message names a job: its name if it has one, cut where it is very long; else its place in the program. */
export function jobLabel(name: string | undefined, index: number): string {
  if (name === undefined) return `number ${index + 1} of this run`
  return `'${name.length > maxShownCharacters ? `${name.slice(0, maxShownCharacters)}…` : name}'`
}
