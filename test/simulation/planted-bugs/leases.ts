import type { PlantedBug } from './planted-bug.ts'

export const bugsOfLeases: readonly PlantedBug[] = [
  {
    rule: 'the record of a worker lists every shard in which it may hold a lease',
    instead: 'a grant leaves the list as it was',
    file: 'client/src/kernel/reduce-worker.ts',
    find: 'shards: [...shards],',
    replace: 'shards: record.shards,',
    scenario: {},
    seeds: 3,
  },
  {
    rule: 'a grant that lands after its worker has left or was lost fails on the record of the worker',
    instead: 'the record of the worker is written without a precondition',
    file: 'client/src/engine/hosted-worker.ts',
    find: 'return workerWrite(this.#next, this.#stored.revision)',
    replace: "return workerWrite(this.#next, 'any')",
    scenario: { faults: { commitLate: 0.2, overlap: 1 }, lanes: 2 },
    seeds: 40,
  },
  {
    rule: 'a lease that its worker does not hold is taken back while the worker lives',
    instead: 'only the loss of the worker ends its leases',
    file: 'client/src/kernel/on-attempt.ts',
    find: 'if (!isSettled || draft.at - lease.at < missingLeaseGraceMs) continue',
    replace: 'if (isSettled || !isSettled) continue',
    scenario: { faults: { overlap: 1, loseReply: 0.3 }, firstJobMs: 10_000_000, lanes: 1, jobs: 10 },
    seeds: 40,
  },
  {
    rule: 'nobody is told that there is no work before the store has been asked',
    instead: 'an instance answers from its index',
    file: 'client/src/engine/leases.ts',
    find: 'if (waiter.hasLooked) await this.#answerEmpty(waiter)',
    replace: 'if (waiter.hasLooked || !waiter.hasLooked) await this.#answerEmpty(waiter)',
    scenario: { faults: { crashesPerHour: 100 }, hasRescue: false, maxEvents: 60_000 },
    seeds: 30,
  },
  {
    rule: 'a worker that cannot renew stops everything before the service gives its jobs away',
    instead: 'it goes on for ever',
    file: 'client/src/execution/worker/lease-keeper.ts',
    find: 'if (leftMs <= 0 && holdings.jobs > 0) this.#loseAll()',
    replace: '',
    scenario: { faults: { partitionsPerHour: 20, slowRemoval: 1 }, firstJobMs: 3_000_000 },
    seeds: 40,
  },
  {
    rule: 'the id of a worker is never used again',
    instead: 'an agent that is started again on its machine has the same id',
    file: 'client/src/model/worker-name.ts',
    find: 'agentStartedAt.toString(36)',
    replace: '(agentStartedAt * 0).toString(36)',
    scenario: { faults: { agentRestartsPerHour: 60 } },
    seeds: 40,
  },
  {
    rule: 'an agent ends what an earlier one has left running before it asks for work',
    instead: 'the simulated agent leaves it running',
    file: 'test/simulation/machine.ts',
    find: `    // What an earlier agent left running belongs to nobody any more.
    for (const container of [...this.containers]) container.end({ kind: 'killed' })
`,
    replace: '',
    scenario: { faults: { agentRestartsPerHour: 60 }, firstJobMs: 3_000_000 },
    seeds: 20,
  },
]
