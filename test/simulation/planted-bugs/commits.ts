import type { PlantedBug } from './planted-bug.ts'

/** Commits that fail in every way, and hosts that die behind them; nobody but redelivery heals that. */
const badStore = { commitUnknown: 0.1, commitLate: 0.05, ownConflict: 0.1, commitFails: 0.1 }

export const bugsAroundCommits: readonly PlantedBug[] = [
  {
    rule: 'an unknown outcome of a commit is no success',
    instead: 'events whose commit failed in an unknown way are acknowledged',
    file: 'client/src/engine/commit-units.ts',
    find: 'else record.reject(error)',
    replace: 'else record.confirmUnchanged()',
    scenario: { faults: badStore, hasRescue: false },
    seeds: 10,
  },
  {
    rule: 'whoever loses a race reads the record again',
    instead: 'the cache is kept after a failed precondition',
    file: 'client/src/engine/hosted-record.ts',
    find: `    this.#queue = [...this.#taken.filter((item) => item.tries < maxTries), ...this.#queue]
    this.#forget()`,
    replace: `    this.#queue = [...this.#taken.filter((item) => item.tries < maxTries), ...this.#queue]
    this.#taken = []
    this.#outcomes = []
    this.#next = undefined`,
    scenario: { faults: { ownConflict: 0.2 }, hasRescue: false, maxEvents: 30_000, jobs: 8 },
    seeds: 5,
  },
  {
    rule: 'a message is acknowledged only when its events are stored and their effects are told',
    instead: 'messages are acknowledged on arrival',
    file: 'client/src/engine/lane-host.ts',
    find: `    this.#scheduleTurn()
    await allSettled(settled)`,
    replace: `    this.#scheduleTurn()
    void Promise.allSettled(settled)`,
    scenario: { faults: { crashesPerHour: 60 }, hasRescue: false },
    seeds: 5,
  },
  {
    rule: 'no effect leaves before the commit is known to have succeeded',
    instead: 'effects are told as soon as they follow',
    file: 'client/src/engine/hosted-record.ts',
    find: '    this.#outcomes = reduced.outcomes\n',
    replace: `    this.#outcomes = reduced.outcomes
    this.#sent.tell(this.#model.effects(reduced.record), reduced.record).catch(() => undefined)
`,
    scenario: { faults: { commitFails: 0.3 }, hasRescue: false },
    seeds: 20,
  },
  {
    rule: 'a worker is answered with what is stored, not with what is about to be stored',
    instead: 'ends are confirmed from records that are older than the attempt',
    file: 'client/src/engine/assignments.ts',
    find: 'return hasCounted({ host }, ref) && record.leases',
    replace: 'return record.leases',
    scenario: { faults: { overlap: 1, slow: 0.2 }, hasRescue: false },
    seeds: 30,
  },
  {
    rule: 'a result without a change is no proof: the stored revision is looked at first',
    instead: 'no-ops are acknowledged from the cache',
    file: 'client/src/engine/hosted-record.ts',
    find: 'return this.#taken.length > 0 && this.#outcomes.some((outcome) => !isAboutTerminal(outcome))',
    replace: 'return false',
    scenario: { faults: { overlap: 1, slow: 0.1 }, hasRescue: false },
    seeds: 30,
  },
  {
    rule: 'effects are facts of the record, whatever becomes of the event',
    instead: 'effects are told only when something has changed',
    file: 'client/src/engine/hosted-record.ts',
    find: 'if (this.#cache !== undefined) this.#finishTurn(this.#cache.record)',
    replace: `settleAll(this.#taken, this.#outcomes)
    this.#taken = []
    this.#outcomes = []
    this.#next = undefined`,
    scenario: { faults: { crashAfterCommit: 0.1, ownConflict: 0.1 }, hasRescue: false },
    seeds: 30,
  },
  {
    rule: 'what was sent is forgotten when someone misses it',
    instead: 'an instance answers a question for missing edges with "already sent"',
    file: 'client/src/engine/shard-model.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    find: "if (event.type === 'edgesAsked') return `edge:${event.byShard}:`",
    replace: "if (event.type === 'edgesAsked') return undefined",
    scenario: { faults: { drop: 0.3 }, hasRescue: true, lanes: 2, jobs: 30, maxShardJobs: 1, shape: 'random' },
    seeds: 40,
  },
]
