/** `since 2026-11-26 10:03 UTC`, for people. */
export function since(ms: number): string {
  const [date, time = ''] = new Date(ms).toISOString().split('T')
  return `since ${date} ${time.slice(0, 5)} UTC`
}
