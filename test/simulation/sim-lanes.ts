import type { Engine } from 'graupel/engine'
import type { WorkerService } from 'graupel/execution'
import type { LaneMessage, LeaseReply, LeaseRequest, StopsReply, StopsRequest } from 'graupel/model'
import type { AnswerChecker } from './check-answers.ts'
import type { FaultSource } from './faults.ts'
import type { SimBus } from './sim-bus.ts'
import { SimProcess } from './sim-process.ts'
import type { World } from './world.ts'

interface Instance {
  readonly process: SimProcess
  readonly engine: Engine
  isClosing: boolean
}

export interface LanesSurroundings {
  readonly world: World
  readonly faults: FaultSource
  readonly answers: AnswerChecker
  readonly lanes: number
  readonly startEngine: (lane: number, process: SimProcess) => Engine
}

/** A request that was not answered is given up after this. */
const hangMs = 15_000

/** The instances of every lane: at times two of one lane, at times none. */
export class SimLanes {
  readonly #around: LanesSurroundings
  readonly #instances: Instance[][] = []
  #started = 0

  constructor(around: LanesSurroundings) {
    this.#around = around
    for (let lane = 0; lane < around.lanes; lane++) {
      this.#instances.push([])
      this.#start(lane)
      if (around.faults.strikes('overlap')) this.#start(lane)
    }
  }

  /** A message goes to any instance of its lane. */
  async receive(lane: number, message: LaneMessage): Promise<void> {
    const { process, engine } = this.#pick(lane)
    await process.serve(() => engine.deliver(message))
    this.#around.answers.checkAcknowledged(message)
  }

  /** The service as one agent reaches it. */
  serviceFor(agent: SimProcess, isCutOff: () => boolean, bus: SimBus): WorkerService {
    const overNetwork = <T>(operation: () => Promise<T>): Promise<T> =>
      agent.call(() => this.#overNetwork(isCutOff, operation))
    const events = bus.of(agent)
    return {
      lease: (lane, request, signal) => overNetwork(() => this.#lease(lane, request, signal)),
      renew: (lane, request) =>
        overNetwork(async () => {
          const { process, engine } = this.#pick(lane)
          const reply = await process.serve(() => engine.renew(structuredClone(request)))
          this.#around.answers.checkRenewal(reply)
          return reply
        }),
      awaitStops: (lane, request, signal) => overNetwork(() => this.#awaitStops(lane, request, signal)),
      publish: (lane, deliveries) =>
        overNetwork(() => events.publish(lane, { deliveries: structuredClone([...deliveries]) })),
    }
  }

  /** Every instance ends in good order. */
  async close(): Promise<void> {
    await Promise.all(this.#instances.flat().map(({ engine }) => engine.close()))
  }

  async #lease(lane: number, request: LeaseRequest, signal: AbortSignal): Promise<LeaseReply> {
    const { process, engine } = this.#pick(lane)
    const reply = await this.#whileWaiting(signal, (given) =>
      process.serve(() => engine.lease(structuredClone(request), given)),
    )
    this.#around.answers.checkLease(request.worker, reply)
    return reply
  }

  async #awaitStops(lane: number, request: StopsRequest, signal: AbortSignal): Promise<StopsReply> {
    const { process, engine } = this.#pick(lane)
    const reply = await this.#whileWaiting(signal, (given) =>
      process.serve(() => engine.awaitStops(structuredClone(request), given)),
    )
    this.#around.answers.checkStops(reply.stops)
    return reply
  }

  /** Whether the service learns that nobody waits any more depends on what stands between. */
  async #whileWaiting<T>(signal: AbortSignal, wait: (given: AbortSignal) => Promise<T>): Promise<T> {
    const given = new AbortController()
    const giveUp = () => void this.#around.world.sleep(5).then(() => given.abort())
    if (this.#around.faults.random.chance(0.5)) signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await wait(given.signal)
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  async #overNetwork<T>(isCutOff: () => boolean, operation: () => Promise<T>): Promise<T> {
    const { world, faults } = this.#around
    await world.sleep(faults.random.between(2, 40))
    if (isCutOff() || faults.strikes('loseRequest')) return this.#hang()
    const result = await operation()
    await world.sleep(faults.random.between(2, 40))
    if (isCutOff() || faults.strikes('loseReply')) return this.#hang()
    return structuredClone(result)
  }

  async #hang(): Promise<never> {
    await this.#around.world.sleep(this.#around.faults.random.between(100, hangMs))
    throw new Error('no answer came')
  }

  #pick(lane: number): Instance {
    const open = (this.#instances[lane] ?? []).filter((instance) => !instance.isClosing)
    if (open.length === 0) throw new Error(`lane ${lane} has no instance`)
    return this.#around.faults.random.pick(open)
  }

  #start(lane: number): void {
    const { world, faults, startEngine } = this.#around
    const process = new SimProcess(world, `lane${lane}.${++this.#started}`)
    const instance: Instance = { process, engine: startEngine(lane, process), isClosing: false }
    this.#instances[lane]?.push(instance)
    process.onDeath(() => this.#replace(lane, instance))
    const crashMs = faults.nextMs('crashesPerHour')
    if (crashMs !== undefined) world.after(crashMs, () => this.#strike(lane, instance))
  }

  #strike(lane: number, instance: Instance): void {
    const { faults } = this.#around
    if (faults.isOver || instance.process.isDead || instance.isClosing) return
    if (faults.random.chance(0.7)) instance.process.die()
    else this.#deploy(lane, instance)
  }

  /** A new instance comes, and the old one ends in good order. */
  #deploy(lane: number, old: Instance): void {
    const { world } = this.#around
    world.note(`lane ${lane} is deployed again`)
    this.#start(lane)
    world.after(2000, () => {
      old.isClosing = true
      void old.engine.close().then(() => this.#remove(lane, old))
    })
  }

  #replace(lane: number, dead: Instance): void {
    const wasClosing = dead.isClosing
    this.#remove(lane, dead)
    const { world, faults } = this.#around
    if (!wasClosing) world.after(faults.random.between(100, 10_000), () => this.#start(lane))
  }

  #remove(lane: number, instance: Instance): void {
    this.#instances[lane] = (this.#instances[lane] ?? []).filter((other) => other !== instance)
  }
}
