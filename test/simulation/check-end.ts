import { type BatchRecord, countStates, isTerminal, type ShardRecord, stateOf } from 'graupel/model'
import type { Records } from './records.ts'
import type { BatchPlan } from './workload.ts'
import { Violation } from './world.ts'

export interface EndSight {
  /** No event is left: every chain of ticks and sweeps has stopped. */
  readonly isQuiet: boolean
  readonly plans: readonly BatchPlan[]
  readonly records: Records
  /** Machines that are still on. */
  readonly machines: readonly string[]
}

/**
 * What must hold when faults are long over.
 * @throws Violation
 */
export function checkEnd(sight: EndSight): void {
  const { records } = sight
  for (const batch of records.batches.values()) {
    if (batch.state === 'open') continue
    checkBatch(batch, sharesOf(batch, records), records)
  }
  for (const shard of records.shards.values())
    if (Object.keys(shard.leases).length > 0) throw new Violation(`shard ${shard.batch}/${shard.shard} keeps a lease`)
  for (const worker of records.workers.values())
    if (worker.state !== 'gone') throw new Violation(`worker ${worker.id} is ${worker.state} for ever`)
  if (sight.machines.length > 0) throw new Violation(`machines are on for ever: ${sight.machines.join(', ')}`)
  if (!sight.isQuiet) throw new Violation('ticks or sweeps go on for ever')
}

/** The shards of its committed updates. */
const sharesOf = (batch: BatchRecord, records: Records): ShardRecord[] =>
  records
    .shardsOf(batch.id)
    .filter(({ shard }) =>
      batch.updates.some((one) => one.isCommitted && shard >= one.firstShard && shard < one.firstShard + one.shards),
    )

function checkBatch(batch: BatchRecord, shards: readonly ShardRecord[], records: Records): void {
  for (const shard of shards) {
    const place = [...shard.states].findIndex((letter) => !isTerminal(stateOf(letter)))
    if (place === -1) continue
    const name = records.names.get(`${batch.id}/${shard.firstJob + place}`)
    throw new Violation(`${name} is ${stateOf(shard.states[place] ?? '')} for ever (shard ${shard.shard})`)
  }
  if (batch.endedAt === undefined) throw new Violation(`batch ${batch.id} never ends, though its jobs have`)
  const counts = countStates(shards.map((shard) => shard.states).join(''))
  if (JSON.stringify(counts) !== JSON.stringify(batch.counts))
    throw new Violation(`batch ${batch.id} counts ${JSON.stringify(batch.counts)} and has ${JSON.stringify(counts)}`)
}
