import type { Unit } from './commit-units.ts'
import type { Hosted } from './hosted-record.ts'
import type { HostedWorker } from './hosted-worker.ts'

/** Joins units that share a record: what one lease took from a shard is committed with what another took. */
export function joinUnits(units: readonly Unit[]): Unit[] {
  const joined = new Set<Joined>()
  const byRecord = new Map<Hosted, Joined>()
  for (const unit of units) {
    const met = new Set(unit.records.flatMap((record) => byRecord.get(record) ?? []))
    const whole: Joined = { records: new Set(unit.records), workers: new Set(unit.workers) }
    for (const other of met) {
      for (const record of other.records) whole.records.add(record)
      for (const worker of other.workers) whole.workers.add(worker)
      joined.delete(other)
    }
    for (const record of whole.records) byRecord.set(record, whole)
    joined.add(whole)
  }
  return [...joined].map(({ records, workers }) => ({ records: [...records], workers: [...workers] }))
}

interface Joined {
  readonly records: Set<Hosted>
  readonly workers: Set<HostedWorker>
}
