import {
  createEngine,
  type Engine,
  type EngineLog,
  type EventBus,
  type FleetServices,
  machineGone,
  noLimits,
  provision,
  sweep,
  sweepTask,
  type Task,
} from 'graupel/engine'
import { type LaneMessage, machineNameOf, workerId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { AnswerChecker } from './check-answers.ts'
import { CommitChecker } from './check-commit.ts'
import { checkEnd } from './check-end.ts'
import { checkPeace } from './check-peace.ts'
import { drawFaults, FaultSource, type Faults, needsRescue, peace } from './faults.ts'
import { Ghost } from './ghost.ts'
import { Random } from './random.ts'
import { Records } from './records.ts'
import type { Result } from './result.ts'
import { SimBus } from './sim-bus.ts'
import { SimClient } from './sim-client.ts'
import { SimFleet } from './sim-fleet.ts'
import { SimLanes } from './sim-lanes.ts'
import { SimProcess } from './sim-process.ts'
import { SimStore } from './sim-store.ts'
import { SimTasks } from './sim-tasks.ts'
import { type BatchPlan, drawWorkload, type WorkloadOptions } from './workload.ts'
import { Violation, World } from './world.ts'

export interface SimulationOptions extends Partial<WorkloadOptions> {
  /** Instead of those that the seed draws; those that are not named are off. */
  readonly faults?: Partial<Faults> | undefined
  /** Whether the sweep tells shards what they miss. Default: where nothing else could, and in half of all other runs. */
  readonly hasRescue?: boolean | undefined
  /** No faults and room for everything: then nothing may be done twice, and nobody needs a rescue. */
  readonly isPeaceful?: boolean | undefined
  readonly lanes?: number | undefined
  readonly maxEvents?: number | undefined
  readonly trace?: ((line: string) => void) | undefined
}

const faultsLastMs = 40 * 60_000
/** Long enough for the slowest net: missing edges are asked for after 10 minutes, then 20, then 40. */
const patienceMs = 24 * 60 * 60_000
const defaultMaxEvents = 400_000
/** Machines that stand still or are cut off come back up to 25 minutes after the faults' end. */
const healingMs = 45 * 60_000
const schedulerMs = 10 * 60_000

/** One run of everything, from a seed: the same seed gives the same run. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Result> {
  const random = new Random(seed)
  const drawn = drawFaults(random.fork())
  const isCalm = options.isCalm ?? options.isPeaceful ?? false
  const faults = options.isPeaceful ? peace : options.faults === undefined ? drawn : { ...peace, ...options.faults }
  const plans = drawWorkload(random.fork(), { ...(options.isPeaceful && { longestMs: 5000 }), ...options, isCalm })
  const run = new Run(seed, options, { faults, plans, random })
  return withoutStacks(async () => run.result(await run.toEnd()))
}

/** Nobody reads the stack of a simulated fault, and there are many of them. */
async function withoutStacks<T>(act: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return await act()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

interface Drawn {
  readonly faults: Faults
  readonly plans: readonly BatchPlan[]
  readonly random: Random
}

class Run {
  readonly #seed: number
  readonly #options: SimulationOptions
  readonly #drawn: Drawn
  readonly #hasRescue: boolean
  readonly #world: World
  readonly #faults: FaultSource
  readonly #objects = new MemoryObjectStore()
  readonly #records = new Records()
  readonly #ghost: Ghost
  readonly #store: SimStore
  readonly #bus: SimBus
  readonly #tasks: SimTasks
  readonly #fleet: SimFleet
  readonly #lanes: SimLanes
  readonly #laneCount: number
  readonly #limits: { readonly maxKept: number; readonly maxWaiting: number; readonly maxMachines: number }
  #tasksRun = 0
  #rescues = 0

  constructor(seed: number, options: SimulationOptions, drawn: Drawn) {
    const { random, faults, plans } = drawn
    this.#seed = seed
    this.#options = options
    this.#drawn = drawn
    const mayLackRescue = !needsRescue(faults)
    const drawnRescue = random.chance(0.5)
    this.#hasRescue = options.hasRescue ?? (!mayLackRescue || drawnRescue)
    this.#world = new World({ seed: random.whole(0, 2 ** 31), trace: options.trace })
    this.#faults = new FaultSource(faults, random.fork())
    this.#ghost = new Ghost(this.#world, this.#objects)
    const jobs = new Map(
      plans.flatMap((plan) => plan.submissions.flatMap((one) => one.jobs)).map((job) => [job.name, job]),
    )
    const checker = new CommitChecker({
      world: this.#world,
      records: this.#records,
      ghost: this.#ghost,
      plans: jobs,
      hasQueue: (worker) => this.#fleet.machines.get(machineNameOf(workerId(worker)))?.hasQueue === true,
      healedAt: this.#world.startedAt + faultsLastMs + healingMs,
    })
    const answers = new AnswerChecker(this.#world, this.#records)
    this.#laneCount = options.lanes ?? random.pick([1, 2, 2])
    this.#limits = {
      maxKept: random.pick([2, 4, 512]),
      maxWaiting: random.pick([1, 4, 200]),
      maxMachines: options.isPeaceful ? 100 : random.whole(1, 5),
    }
    const shared = { world: this.#world, faults: this.#faults }
    this.#store = new SimStore(this.#world, this.#faults, (writes) => checker.check(writes))
    this.#bus = new SimBus(this.#world, this.#faults, (lane, message) => this.#lanes.receive(lane, message))
    this.#tasks = new SimTasks(this.#world, this.#faults, (task) => this.#runTask(task))
    this.#lanes = new SimLanes({
      ...shared,
      answers,
      lanes: this.#laneCount,
      startEngine: (lane, process) => this.#startEngine(lane, process),
    })
    this.#fleet = new SimFleet({
      ...shared,
      ghost: this.#ghost,
      objects: this.#objects,
      lanes: this.#laneCount,
      cores: random.pick([1, 2, 4]),
      planOf: (name) => {
        const job = jobs.get(name)
        if (job === undefined) throw new Error(`the run has no job '${name}'`)
        return job
      },
      serviceFor: (agent, isCutOff) => this.#lanes.serviceFor(agent, isCutOff, this.#bus),
      whenGone: (machine, cause) => this.#tellGone(machine, cause),
    })
  }

  async toEnd(): Promise<string | undefined> {
    const { plans } = this.#drawn
    const { faults, lanes, records } = { faults: this.#faults, lanes: this.#laneCount, records: this.#records }
    const around = {
      world: this.#world,
      faults,
      store: this.#store,
      bus: this.#bus,
      objects: this.#objects,
      records,
      lanes,
    }
    for (const plan of plans) new SimClient(around, plan).start()
    this.#world.after(faultsLastMs, () => this.#faults.end())
    if (this.#hasRescue) this.#runScheduler()
    try {
      const isQuiet = await this.#world.run(this.#world.startedAt + patienceMs, this.#maxEvents)
      checkEnd({
        isQuiet,
        plans,
        records: this.#records,
        machines: [...this.#fleet.machines.values()].filter((machine) => machine.isOn).map((machine) => machine.name),
      })
      await this.#ghost.checkDestinations()
      if (this.#options.isPeaceful) checkPeace(this.result(undefined), plans)
      await this.#close()
      return undefined
    } catch (error) {
      if (error instanceof Violation) return error.message
      throw error
    }
  }

  result(violation: string | undefined): Result {
    return {
      seed: this.#seed,
      violation,
      hash: this.#world.hash,
      events: this.#world.events,
      virtualMs: this.#world.elapsedMs,
      jobs: this.#records.names.size,
      messages: this.#bus.published,
      commits: this.#store.commits,
      starts: this.#ghost.starts,
      rescues: this.#rescues,
      faults: this.#drawn.faults,
      hasRescue: this.#hasRescue,
    }
  }

  get #maxEvents(): number {
    return this.#options.maxEvents ?? defaultMaxEvents
  }

  /** Whoever still waits is answered, and nothing goes on. */
  async #close(): Promise<void> {
    let isClosed = false
    void this.#lanes.close().then(() => {
      isClosed = true
    })
    await this.#world.run(Number.POSITIVE_INFINITY, this.#maxEvents)
    if (!isClosed) throw new Violation('an instance did not close')
  }

  #startEngine(lane: number, process: SimProcess): Engine {
    return createEngine({
      lane,
      deployedLanes: this.#laneCount,
      store: this.#store.of(process),
      bus: this.#bus.of(process),
      tasks: this.#tasks.of(process),
      clock: process.clock,
      objects: this.#objects,
      serviceKey: 'key',
      log: this.#logOf(process),
      maxWaiting: this.#limits.maxWaiting,
      maxKept: this.#limits.maxKept,
    })
  }

  /** Each task runs in a process of its own, which may die on the way. */
  async #runTask(task: Task): Promise<void> {
    const process = new SimProcess(this.#world, `${task.name}#${++this.#tasksRun}`)
    const services = this.#servicesOf(process)
    if (task.queue === 'provision') return process.serve(() => provision(services, task))
    const bus = this.#rescueBus(services.bus)
    return process.serve(() => sweep({ ...services, bus }, task))
  }

  #servicesOf(process: SimProcess): FleetServices {
    return {
      store: this.#store.of(process),
      bus: this.#bus.of(process),
      tasks: this.#tasks.of(process),
      fleet: this.#fleet.of(process),
      clock: process.clock,
      log: this.#logOf(process),
      deployedLanes: this.#laneCount,
      limits: { ...noLimits, pool: { machines: this.#limits.maxMachines } },
    }
  }

  /** What the sweep tells shards and batches is counted; without rescue it speaks of lost workers alone. */
  #rescueBus(bus: EventBus): EventBus {
    return {
      publish: async (lane, message) => {
        const deliveries = message.deliveries.filter(isAboutWorkers)
        this.#rescues += message.deliveries.length - deliveries.length
        const said: LaneMessage = this.#hasRescue ? message : { deliveries }
        if (said.deliveries.length > 0) await bus.publish(lane, said)
      },
    }
  }

  /** The cloud's log of machines that were taken away: sometimes it comes. */
  #tellGone(machine: string, cause: 'preempted' | 'infrastructure'): void {
    if (this.#faults.random.chance(0.5)) return
    const process = new SimProcess(this.#world, `audit of ${machine}`)
    void machineGone(this.#servicesOf(process), machine, cause).catch(() => undefined)
  }

  /** The scheduler arms the sweep again and again; once the faults are over, for some time. */
  #runScheduler(): void {
    this.#world.after(schedulerMs, () => {
      void this.#tasks.enqueue(sweepTask(this.#world.now())).catch(() => undefined)
      if (this.#world.elapsedMs < faultsLastMs + 6 * schedulerMs) this.#runScheduler()
    })
  }

  #logOf(process: SimProcess): EngineLog {
    const say = (fields: object, message: string) =>
      this.#world.note(`${process.name} logs: ${message} ${JSON.stringify(fields)}`)
    return { info: say, warn: say }
  }
}

const isAboutWorkers = (delivery: LaneMessage['deliveries'][number]): boolean =>
  'shard' in delivery && delivery.events.every(({ event }) => event.type === 'workerLost')
