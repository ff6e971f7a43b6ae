import type { Random } from './random.ts'

/** What may go wrong, each with its probability per opportunity; rates are per hour of virtual time. 0: never. */
export interface Faults {
  /** A message comes twice, up to 200 s late, or never. */
  readonly duplicate: number
  readonly slow: number
  readonly drop: number
  /** A worker's request does not arrive, or its answer does not. */
  readonly loseRequest: number
  readonly loseReply: number
  /** A commit fails, takes effect and says that it failed, or takes effect 30 s after it seemed to fail. */
  readonly commitFails: number
  readonly commitUnknown: number
  readonly commitLate: number
  /** The client library repeats a commit that has taken effect: the own write looks like someone else's. */
  readonly ownConflict: number
  readonly readFails: number
  /** Whoever commits dies between the commit and everything that follows from it. */
  readonly crashAfterCommit: number
  readonly crashesPerHour: number
  /** A lane has two instances. */
  readonly overlap: number
  readonly taskTwice: number
  readonly taskLate: number
  readonly taskFails: number
  readonly machineDiesPerHour: number
  readonly preemptedPerHour: number
  /** A machine dies right behind the commit of an attempt's files. */
  readonly diesAfterManifest: number
  readonly bootFails: number
  /** A machine stays on when its worker has left. */
  readonly powerOffFails: number
  readonly agentRestartsPerHour: number
  readonly agentFreezesPerHour: number
  readonly partitionsPerHour: number
  readonly slowRemoval: number
  readonly staleList: number
  readonly launchRefused: number
  readonly objectFails: number
  /** The submitter dies between its flip and everything else. */
  readonly clientDies: number
}

export const peace: Faults = {
  duplicate: 0,
  slow: 0,
  drop: 0,
  loseRequest: 0,
  loseReply: 0,
  commitFails: 0,
  commitUnknown: 0,
  commitLate: 0,
  ownConflict: 0,
  readFails: 0,
  crashAfterCommit: 0,
  crashesPerHour: 0,
  overlap: 0,
  taskTwice: 0,
  taskLate: 0,
  taskFails: 0,
  machineDiesPerHour: 0,
  preemptedPerHour: 0,
  diesAfterManifest: 0,
  bootFails: 0,
  powerOffFails: 0,
  agentRestartsPerHour: 0,
  agentFreezesPerHour: 0,
  partitionsPerHour: 0,
  slowRemoval: 0,
  staleList: 0,
  launchRefused: 0,
  objectFails: 0,
  clientDies: 0,
}

/** The highest value of each fault that a run may draw. */
const worst: Faults = {
  duplicate: 0.3,
  slow: 0.15,
  drop: 0.08,
  loseRequest: 0.15,
  loseReply: 0.15,
  commitFails: 0.1,
  commitUnknown: 0.1,
  commitLate: 0.05,
  ownConflict: 0.1,
  readFails: 0.05,
  crashAfterCommit: 0.05,
  crashesPerHour: 40,
  overlap: 1,
  taskTwice: 0.3,
  taskLate: 0.1,
  taskFails: 0.1,
  machineDiesPerHour: 6,
  preemptedPerHour: 10,
  diesAfterManifest: 0.2,
  bootFails: 0.3,
  powerOffFails: 0.5,
  agentRestartsPerHour: 8,
  agentFreezesPerHour: 6,
  partitionsPerHour: 6,
  slowRemoval: 0.5,
  staleList: 0.5,
  launchRefused: 0.3,
  objectFails: 0.05,
  clientDies: 0.5,
}

/** Each fault is on in some runs only: all of them together hide what one of them alone would show. */
export function drawFaults(random: Random): Faults {
  const on = random.pick([0.1, 0.25, 0.5])
  const draw = (most: number) => (random.chance(on) ? most * random.between(0.1, 1) : 0)
  return {
    duplicate: draw(worst.duplicate),
    slow: draw(worst.slow),
    drop: draw(worst.drop),
    loseRequest: draw(worst.loseRequest),
    loseReply: draw(worst.loseReply),
    commitFails: draw(worst.commitFails),
    commitUnknown: draw(worst.commitUnknown),
    commitLate: draw(worst.commitLate),
    ownConflict: draw(worst.ownConflict),
    readFails: draw(worst.readFails),
    crashAfterCommit: draw(worst.crashAfterCommit),
    crashesPerHour: draw(worst.crashesPerHour),
    overlap: draw(worst.overlap),
    taskTwice: draw(worst.taskTwice),
    taskLate: draw(worst.taskLate),
    taskFails: draw(worst.taskFails),
    machineDiesPerHour: draw(worst.machineDiesPerHour),
    preemptedPerHour: draw(worst.preemptedPerHour),
    diesAfterManifest: draw(worst.diesAfterManifest),
    bootFails: draw(worst.bootFails),
    powerOffFails: draw(worst.powerOffFails),
    agentRestartsPerHour: draw(worst.agentRestartsPerHour),
    agentFreezesPerHour: draw(worst.agentFreezesPerHour),
    partitionsPerHour: draw(worst.partitionsPerHour),
    slowRemoval: draw(worst.slowRemoval),
    staleList: draw(worst.staleList),
    launchRefused: draw(worst.launchRefused),
    objectFails: draw(worst.objectFails),
    clientDies: draw(worst.clientDies),
  }
}

/** With these the sweep is needed: no event is left that would bring out what was lost. */
export const needsRescue = (faults: Faults): boolean => faults.drop > 0 || faults.clientDies > 0

/** The faults of a run, while they last. */
export class FaultSource {
  readonly rates: Faults
  readonly random: Random
  #isOver = false

  constructor(rates: Faults, random: Random) {
    this.rates = rates
    this.random = random
  }

  get isOver(): boolean {
    return this.#isOver
  }

  end(): void {
    this.#isOver = true
  }

  /** Whether it strikes now. */
  strikes(fault: keyof Faults): boolean {
    return !this.#isOver && this.random.chance(this.rates[fault])
  }

  /** Ms until the next one of a fault that is given per hour; `undefined`: never. */
  nextMs(fault: keyof Faults): number | undefined {
    const perHour = this.rates[fault]
    if (perHour === 0 || this.#isOver) return undefined
    return (-Math.log(1 - this.random.next()) * 3_600_000) / perHour
  }
}
