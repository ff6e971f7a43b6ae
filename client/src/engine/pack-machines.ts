import type { Resources } from '../model/index.ts'

/** Jobs that need the same. */
export interface Group {
  readonly need: Resources
  readonly count: number
}

/** Machines that have the same room left. */
interface Bins {
  free: Resources
  count: number
}

/**
 * How many more machines of one size it takes to run all the jobs at once, beside the room that there is: the largest
 * jobs first, each where it first fits. A job that asks for more than a machine takes the whole of it.
 *
 * Works on groups of alike jobs and alike machines, so a million jobs cost no more than one.
 */
export function machinesFor(groups: readonly Group[], room: readonly Resources[], size: Resources): number {
  const bins = alike(room)
  const sorted = [...groups].sort((left, right) => shareOf(right.need, size) - shareOf(left.need, size))
  let added = 0
  for (const { need, count } of sorted) {
    const clipped = clip(need, size)
    let left = count
    for (const bin of [...bins]) {
      if (left === 0) break
      left -= fill(bins, bin, clipped, left)
    }
    if (left === 0) continue
    const perMachine = Math.max(1, timesIn(clipped, size))
    const machines = Math.ceil(left / perMachine)
    added += machines
    const full = { free: size, count: machines }
    bins.push(full)
    fill(bins, full, clipped, left)
  }
  return added
}

/** Places up to `jobs` in the bins of one kind; bins that end up with other room become another kind. */
function fill(bins: Bins[], bin: Bins, need: Resources, jobs: number): number {
  const perBin = Math.min(timesIn(need, bin.free), jobs)
  if (perBin === 0 || bin.count === 0) return 0
  const full = Math.min(bin.count, Math.floor(jobs / perBin))
  const rest = full < bin.count ? jobs - full * perBin : 0
  bins.push({ free: minus(bin.free, need, perBin), count: full })
  if (rest > 0) bins.push({ free: minus(bin.free, need, rest), count: 1 })
  bin.count -= full + (rest > 0 ? 1 : 0)
  return full * perBin + rest
}

function timesIn(need: Resources, room: Resources): number {
  const times = (one: number, all: number) => (one === 0 ? Number.POSITIVE_INFINITY : Math.floor(all / one))
  return Math.max(
    0,
    Math.min(
      times(need.cpuMillis, room.cpuMillis),
      times(need.memoryBytes, room.memoryBytes),
      times(need.storageBytes, room.storageBytes),
    ),
  )
}

/** The part of a machine that a job takes, by what it needs most of. */
export const shareOf = (need: Resources, size: Resources): number =>
  Math.max(
    need.cpuMillis / size.cpuMillis,
    need.memoryBytes / size.memoryBytes,
    size.storageBytes === 0 ? 0 : need.storageBytes / size.storageBytes,
  )

const clip = (need: Resources, size: Resources): Resources => ({
  cpuMillis: Math.min(need.cpuMillis, size.cpuMillis),
  memoryBytes: Math.min(need.memoryBytes, size.memoryBytes),
  storageBytes: Math.min(need.storageBytes, size.storageBytes),
})

const minus = (from: Resources, need: Resources, times: number): Resources => ({
  cpuMillis: from.cpuMillis - need.cpuMillis * times,
  memoryBytes: from.memoryBytes - need.memoryBytes * times,
  storageBytes: from.storageBytes - need.storageBytes * times,
})

function alike(room: readonly Resources[]): Bins[] {
  const bins = new Map<string, Bins>()
  for (const free of room) {
    const key = `${free.cpuMillis} ${free.memoryBytes} ${free.storageBytes}`
    const known = bins.get(key)
    if (known === undefined) bins.set(key, { free, count: 1 })
    else known.count += 1
  }
  return [...bins.values()]
}
