import type { Hosted } from './hosted-record.ts'
import type { HostedWorker } from './hosted-worker.ts'
import { ConflictError, type Revision, type Store } from './ports.ts'

/** Records that must be committed together: a lease's shards and its worker. Most units are one record. */
export interface Unit {
  readonly records: readonly Hosted[]
  readonly workers: readonly HostedWorker[]
}

/** Documents per commit: a record may grow to 128 KiB, and Firestore takes 10 MiB a request. */
const maxWrites = 64

/**
 * All units in as few commits as can be. When one fails, its members are retried one by one, so that a single stale
 * record does not hold up its neighbours. A failed unit drops what it computed; its events come again.
 */
export async function commitUnits(store: Store, units: readonly Unit[]): Promise<void> {
  for (const group of groups(units)) {
    try {
      await commit(store, group)
    } catch (error) {
      if (group.length === 1) fail(group, error)
      else for (const unit of group) await commitAlone(store, unit)
    }
  }
}

function groups(units: readonly Unit[]): Unit[][] {
  const grouped: Unit[][] = []
  let writes = maxWrites
  for (const unit of units) {
    const size = unit.records.length + unit.workers.length
    if (writes + size > maxWrites) {
      grouped.push([])
      writes = 0
    }
    grouped.at(-1)?.push(unit)
    writes += size
  }
  return grouped
}

async function commitAlone(store: Store, unit: Unit): Promise<void> {
  try {
    await commit(store, [unit])
  } catch (error) {
    fail([unit], error)
  }
}

async function commit(store: Store, units: readonly Unit[]): Promise<void> {
  const members = units.flatMap((unit) => [...unit.records, ...unit.workers])
  const revisions = await store.commit(members.map((member) => member.write()))
  for (const [index, member] of members.entries()) member.confirm(revisionAt(revisions, index))
}

function revisionAt(revisions: readonly Revision[], index: number): Revision {
  const revision = revisions[index]
  if (revision === undefined) throw new Error('the store answered with fewer revisions than writes')
  return revision
}

/** A lost race is tried again at once; an unknown outcome goes back to the sender, who knows when to come again. */
function fail(units: readonly Unit[], error: unknown): void {
  for (const unit of units) {
    for (const record of unit.records) {
      if (error instanceof ConflictError) record.discard()
      else record.reject(error)
    }
    for (const worker of unit.workers) worker.discard(error)
  }
}
