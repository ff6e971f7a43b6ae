/** `1 job`, `2 jobs`, `1,000 jobs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${thousands(count)} ${count === 1 ? one : many}`

export const thousands = (number: number): string => number.toLocaleString('en-US')

export const gibibytes = (bytes: number): string => `${thousands(Number((bytes / 2 ** 30).toFixed(2)))} GiB`

const shownRanges = 6

/** `2–10, 12`: ascending numbers, neighbours together, and not too many of them. */
export function ranges(numbers: readonly number[]): string {
  const spans: { readonly from: number; to: number }[] = []
  for (const number of numbers) {
    const last = spans.at(-1)
    if (last !== undefined && number === last.to + 1) last.to = number
    else spans.push({ from: number, to: number })
  }
  return someOf(spans.map(({ from, to }) => spanned(from, to)))
}

/** Two neighbours are no range. */
const spanned = (from: number, to: number): string => {
  if (from === to) return String(from)
  return to === from + 1 ? `${from}, ${to}` : `${from}–${to}`
}

const someOf = (texts: readonly string[]): string =>
  texts.length <= shownRanges ? texts.join(', ') : `${texts.slice(0, shownRanges - 1).join(', ')}, … ${texts.at(-1)}`

/** The first of some lines, and how many there are besides. */
export function firstLines(lines: readonly string[], limit: number, what: string): string[] {
  if (lines.length <= limit) return [...lines]
  return [...lines.slice(0, limit), `… ${counted(lines.length - limit, `more ${what}`)}`]
}
