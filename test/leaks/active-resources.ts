/** What keeps a process alive, by Node's words for it, and in ours. */
const watched = {
  ProcessWrap: 'child process',
  TCPServerWrap: 'listening server',
  PipeServerWrap: 'listening server on a path',
  UDPWrap: 'UDP socket',
  FSEventWrap: 'file watcher',
  Timeout: 'active timer',
} as const
type Kind = keyof typeof watched

export type Counts = ReadonlyMap<string, number>

const isWatched = (name: string): name is Kind => Object.hasOwn(watched, name)

export function countActive(): Counts {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) {
    if (isWatched(name)) counts.set(watched[name], (counts.get(watched[name]) ?? 0) + 1)
  }
  return counts
}

/** What there is more of in `now` than in `before`: `2 × child process`. */
export function listExcess(before: Counts, now: Counts): string[] {
  return [...now]
    .map(([kind, count]) => ({ kind, count: count - (before.get(kind) ?? 0) }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} × ${kind}`)
}
