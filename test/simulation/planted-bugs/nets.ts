import type { PlantedBug } from './planted-bug.ts'

/** Ticks and sweeps: what finds again that something is to be done. Where the sweep would hide a hole, it is off. */
export const bugsOfNets: readonly PlantedBug[] = [
  {
    rule: 'a tick that sees ready work or machines that boot schedules the next one',
    instead: 'every tick is the last one',
    file: 'client/src/engine/provision.ts',
    find: 'if (plan.mustLookAgain) await scheduleNext(services, look, quietTicks(look.record, plan))',
    replace: '',
    scenario: { faults: { bootFails: 0.3, launchRefused: 0.3, machineDiesPerHour: 10 }, hasRescue: false },
    seeds: 20,
  },
  {
    rule: 'a sweep makes sure of the next one before it works',
    instead: 'it makes none',
    file: 'client/src/engine/sweep.ts',
    find: 'await services.tasks.enqueue(sweepTask(now))',
    replace: '',
    scenario: { faults: { machineDiesPerHour: 20 }, hasRescue: false },
    seeds: 10,
  },
  {
    rule: 'the sweep acts only on what has stood unchanged for a whole period',
    instead: 'it speaks to shards that are on the move',
    file: 'client/src/engine/sweep.ts',
    find: 'stoodMs: stoodMs >= sweepPeriodMs ? stoodMs : 0,',
    replace: 'stoodMs: Math.max(stoodMs, 1),',
    scenario: { isPeaceful: true, hasRescue: true },
    seeds: 30,
  },
  {
    rule: 'edges that are missing are asked for at their source',
    instead: 'nobody asks',
    file: 'client/src/kernel/effects.ts',
    find: 'if (record.sweeps === 0) return',
    replace: 'if (record.sweeps >= 0) return',
    scenario: { faults: { drop: 0.3 }, hasRescue: true, lanes: 2, jobs: 30, maxShardJobs: 1, shape: 'random' },
    seeds: 20,
  },
  {
    rule: 'a worker that has fallen silent is given up',
    instead: 'silence is no reason',
    file: 'client/src/engine/sweep.ts',
    find: 'if (!isLate) await findSilent(services, workers, machines)',
    replace: '',
    scenario: { faults: { machineDiesPerHour: 20 } },
    seeds: 20,
  },
  {
    rule: 'a machine without a worker is ended',
    instead: 'it stays on for ever',
    file: 'client/src/engine/sweep.ts',
    find: 'await removeOrphans(services, workers, machines)',
    replace: '',
    scenario: { faults: { powerOffFails: 0.5 } },
    seeds: 5,
  },
]
