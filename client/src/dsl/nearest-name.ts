/** How many letters must be changed, added or left out to come from one word to the other. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...right].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The end of a sentence about a name that is not among `names`: the nearest of them, or all. */
export function nearestHint(name: string, names: readonly string[]): string {
  if (names.length === 0) return '; there are none.'
  const nearest = names.toSorted((left, right) => distance(name, left) - distance(name, right))[0] ?? ''
  const isNear = distance(name, nearest) <= Math.max(1, Math.floor(Math.max(name.length, nearest.length) / 2))
  const shown = names.slice(0, 10).join(', ')
  const rest = names.length > 10 ? `, … (${names.length})` : ''
  return isNear ? `; did you mean '${nearest}'?` : `; there are: ${shown}${rest}.`
}
