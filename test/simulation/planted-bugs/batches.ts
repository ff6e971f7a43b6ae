import type { PlantedBug } from './planted-bug.ts'

export const bugsOfBatches: readonly PlantedBug[] = [
  {
    rule: 'a cancelled job in flight keeps its lease until its worker has let go',
    instead: 'the lease goes at once',
    file: 'client/src/kernel/on-cancel.ts',
    find: `    draft.leases.set(index, { ...lease, stopping: true })
    draft.hasChanged = true
    return true`,
    replace: `    endJob(draft, index, 'Cancelled', { cause: 'cancelled' })
    return true`,
    scenario: { faults: {}, isCancelled: true },
    seeds: 20,
  },
  {
    rule: 'nothing is given away in a cancelled shard but what always runs',
    instead: 'a job whose cancelled attempt was lost is tried again',
    file: 'client/src/kernel/on-attempt.ts',
    find: "else if (lease?.stopping === true) endJob(draft, index, 'Cancelled', { cause: 'cancelled' })",
    replace: '',
    scenario: { faults: {}, isCancelled: true },
    seeds: 20,
  },
  {
    rule: 'failures are the greatest number seen of each shard, never added up',
    instead: 'a report that comes twice counts twice',
    file: 'client/src/kernel/reduce-batch.ts',
    find: '[shard]: Math.max(seen, record.failures[shard] ?? 0)',
    replace: '[shard]: seen + (record.failures[shard] ?? 0)',
    scenario: { faults: { duplicate: 0.3 } },
    seeds: 40,
  },
  {
    rule: 'the sweep is armed by every commit that opens a batch',
    instead: 'nobody arms it',
    file: 'client/src/engine/batch-model.ts',
    find: 'if (isElastic) await tasks.enqueue(sweepTask(clock.now()))',
    replace: 'if (!isElastic) await tasks.enqueue(sweepTask(clock.now()))',
    scenario: { faults: { machineDiesPerHour: 20 }, hasRescue: false },
    seeds: 10,
  },
]
