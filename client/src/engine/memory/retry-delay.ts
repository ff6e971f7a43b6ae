const firstMs = 100
const longestMs = 10_000

/** The pause after the `tries`-th failure: 100 ms, doubled each time, at most 10 s. */
export const retryDelayMs = (tries: number): number => Math.min(longestMs, firstMs * 2 ** Math.min(tries - 1, 16))
