import type { SimulationOptions } from './simulate.ts'

/** Runs that have shown a bug once, and must never show it again. */
export const onceBroken: readonly {
  readonly rule: string
  readonly seed: number
  readonly options: SimulationOptions
}[] = [
  { rule: 'a repeated lease request waits until the first answer is stored', seed: 4, options: {} },
  { rule: 'an end is not confirmed from a record that is older than the attempt', seed: 6, options: {} },
  {
    rule: 'a leaving worker whose record has moved is not told that it has left',
    seed: 13,
    options: { faults: { agentFreezesPerHour: 60, slowRemoval: 0.5 }, firstJobMs: 400_000, lanes: 1 },
  },
  {
    rule: 'a turn that reads ready shards again does not call the next turn',
    seed: 50,
    options: { faults: { bootFails: 0.3, machineDiesPerHour: 30 }, hasRescue: false },
  },
  {
    rule: 'shards that do not fit in memory together do not ask each other for ever',
    seed: 22,
    options: { faults: { commitLate: 0.15, drop: 0.1 }, firstJobMs: 10_000_000, lanes: 1, jobs: 10 },
  },
  { rule: 'a failure is given back only when nothing of it is under way any more', seed: 1031, options: {} },
  {
    rule: 'a lease is found again in a lane where its worker knows of none',
    seed: 33,
    options: {
      faults: { overlap: 1, loseReply: 0.3 },
      firstJobMs: 10_000_000,
      lanes: 2,
      jobs: 14,
      maxShardJobs: 1,
    },
  },
  {
    rule: 'a worker without room repeats a request that was not answered',
    seed: 15,
    options: {
      faults: { overlap: 1, loseReply: 0.3 },
      firstJobMs: 10_000_000,
      lanes: 2,
      jobs: 14,
      maxShardJobs: 1,
    },
  },
  {
    rule: 'no job waits on a worker behind a long one',
    seed: 5,
    options: { faults: { overlap: 1, loseReply: 0.3 }, firstJobMs: 10_000_000, lanes: 1, jobs: 10 },
  },
]
