import { runAttempt, startWorker, type Worker, type WorkerService } from 'graupel/execution'
import { type PoolId, workerIdOn } from 'graupel/model'
import type { MemoryObjectStore } from 'graupel/storage'
import type { FaultSource } from './faults.ts'
import type { Ghost } from './ghost.ts'
import { objectsOf } from './sim-objects.ts'
import { SimProcess } from './sim-process.ts'
import { type RunningContainer, SimSandbox } from './sim-sandbox.ts'
import type { JobPlan } from './workload.ts'
import type { World } from './world.ts'

export interface MachineSurroundings {
  readonly world: World
  readonly faults: FaultSource
  readonly ghost: Ghost
  readonly objects: MemoryObjectStore
  readonly lanes: number
  readonly cores: number
  readonly planOf: (name: string) => JobPlan
  /** The service as an agent on this machine reaches it. */
  readonly serviceFor: (agent: SimProcess, isCutOff: () => boolean) => WorkerService
  /** The cloud knows that the machine is gone. */
  readonly whenGone: (machine: string, cause: 'preempted' | 'infrastructure') => void
}

const noticeMs = 25_000

/** A virtual machine: containers, and an agent that may die, restart, stand still or be cut off. */
export class SimMachine {
  readonly name: string
  readonly pool: PoolId
  readonly createdAt: number
  readonly containers = new Set<RunningContainer>()
  state: 'booting' | 'running' | 'stopping' | 'gone' = 'booting'
  wasFrozen = false
  readonly #around: MachineSurroundings
  #agent: SimProcess | undefined
  #worker: Worker | undefined
  #isCutOff = false

  constructor(around: MachineSurroundings, name: string, pool: PoolId) {
    this.#around = around
    this.name = name
    this.pool = pool
    this.createdAt = around.world.now()
  }

  get isOn(): boolean {
    return this.state !== 'gone'
  }

  get hasQueue(): boolean {
    const { heldJobs, runningJobs } = this.#worker?.load() ?? { heldJobs: 0, runningJobs: 0 }
    return heldJobs > runningJobs
  }

  /** An agent begins, on a machine that may have had one before. */
  startAgent(): void {
    if (!this.isOn) return
    if (this.state === 'booting') this.state = 'running'
    const { world, faults, ghost, objects, planOf } = this.#around
    const id = workerIdOn(this.name, world.now())
    const agent = new SimProcess(world, id)
    this.#agent = agent
    world.note(`agent ${id} starts`)
    // What an earlier agent left running belongs to nobody any more.
    for (const container of [...this.containers]) container.end({ kind: 'killed' })
    const isCutOff = () => this.#isCutOff
    const reached = objectsOf(agent, { world, faults, objects }, isCutOff, () => this.powerOff())
    const sandbox = new SimSandbox({ world, ghost, host: this, agent, objects: reached, planOf })
    const worker = startWorker({
      id,
      pool: this.pool,
      total: { cpuMillis: this.#around.cores * 1000, memoryBytes: 16 * 2 ** 30, storageBytes: 2 ** 40 },
      maxJobs: this.#around.cores,
      service: this.#around.serviceFor(agent, isCutOff),
      lanes: this.#around.lanes,
      runAttempt: (assignment, hooks) =>
        runAttempt(assignment, { objects: reached, sandbox, clock: agent.clock, explainMs: 5000, ...hooks }),
      clock: agent.clock,
      timing: { idleMs: 45_000 },
    })
    this.#worker = worker
    void worker.done.then((end) => {
      world.note(`worker ${id} ${end}`)
      if (end === 'stopped' || this.#agent !== agent) return
      if (faults.strikes('powerOffFails')) agent.die()
      else this.powerOff()
    })
    this.#scheduleTrouble()
  }

  powerOff(): void {
    if (!this.isOn) return
    this.state = 'gone'
    this.#around.world.note(`machine ${this.name} goes off`)
    this.#agent?.die()
    for (const container of [...this.containers]) container.end({ kind: 'killed' })
  }

  /** The cloud takes the machine back: a notice first, then the end. */
  preempt(): void {
    if (!this.isOn) return
    this.#around.world.note(`machine ${this.name} is preempted`)
    if (this.#agent?.isFrozen === false) void this.#worker?.stop({ kind: 'preempted' })
    this.#around.world.after(noticeMs, () => this.powerOff())
    // The log may be read while the machine still puts its work away, or long after.
    const logMs = this.#around.faults.random.between(0, 2 * noticeMs)
    this.#around.world.after(logMs, () => this.#around.whenGone(this.name, 'preempted'))
  }

  /** Each kind of trouble comes at most once to an agent. */
  #scheduleTrouble(): void {
    const { world, faults } = this.#around
    const plan = (fault: Parameters<FaultSource['nextMs']>[0], strike: () => void) => {
      const ms = faults.nextMs(fault)
      const agent = this.#agent
      if (ms === undefined) return
      world.after(ms, () => {
        if (!faults.isOver && this.isOn && agent === this.#agent) strike()
      })
    }
    plan('machineDiesPerHour', () => {
      this.powerOff()
      this.#around.whenGone(this.name, 'infrastructure')
    })
    plan('preemptedPerHour', () => this.preempt())
    plan('agentRestartsPerHour', () => this.#restartAgent())
    plan('agentFreezesPerHour', () => this.#freezeAgent())
    plan('partitionsPerHour', () => this.#cutOff())
  }

  #restartAgent(): void {
    this.#agent?.die()
    this.#around.world.after(this.#around.faults.random.between(100, 10_000), () => this.startAgent())
  }

  #freezeAgent(): void {
    const agent = this.#agent
    this.wasFrozen = true
    this.#around.world.note(`agent on ${this.name} freezes`)
    agent?.freeze()
    this.#around.world.after(this.#around.faults.random.between(1000, 1_500_000), () => agent?.thaw())
  }

  #cutOff(): void {
    this.#isCutOff = true
    this.#around.world.note(`machine ${this.name} is cut off`)
    this.#around.world.after(this.#around.faults.random.between(1000, 1_500_000), () => {
      this.#isCutOff = false
    })
  }
}
