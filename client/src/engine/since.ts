/** `2026-11-26 10:03 UTC`, for people. */
export function momentOf(ms: number): string {
  const [date, time = ''] = new Date(ms).toISOString().split('T')
  return `${date} ${time.slice(0, 5)} UTC`
}

export const since = (ms: number): string => `since ${momentOf(ms)}`
