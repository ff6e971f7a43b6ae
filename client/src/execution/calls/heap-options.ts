/** Node gives a program no larger heap by itself, however much memory there is. */
const usualHeapBytes = 4 * 2 ** 30

/** Options of Node that let functions use their job's memory. The job's own `NODE_OPTIONS` count more. */
export function heapOptions(memoryBytes: number, env: Readonly<Record<string, string>>): string[] {
  const isChosen = /--max[-_]old[-_]space[-_]size/.test(env.NODE_OPTIONS ?? '')
  if (isChosen || memoryBytes <= usualHeapBytes) return []
  return [`--max-old-space-size=${Math.floor(memoryBytes / 2 ** 20)}`]
}
