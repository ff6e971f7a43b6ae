import type { ComputeWorld } from '@graupel/functions/emulator/compute-server/compute-world'
import type { Departure, FakeInstance } from '@graupel/functions/emulator/compute-server/fake-instance'
import { type PoolId, type WorkerId, workerIdOn } from 'graupel/model'
import type { Random } from '../random.ts'
import type { VirtualDay } from './virtual-day.ts'

const jobMs = 600_000
const agentStartMs = 25_000
const idleMs = 45_000
const leaseMs = 180_000

export interface DayWorker {
  readonly id: WorkerId
  readonly machine: string
  readonly pool: PoolId
  readonly registeredAt: number
  /** Jobs that it runs side by side. */
  readonly slots: number
  readonly cores: number
  free: number
  /** Jobs it runs. */
  running: number
  idleSince: number
  state: 'active' | 'silent' | 'gone'
  silentSince: number
}

export interface DayWorkersOptions {
  readonly day: VirtualDay
  readonly world: ComputeWorld
  readonly random: Random
  readonly pool: PoolId
  /** Preemptions of a Spot machine per hour. */
  readonly preemptedPerHour: number
  /** Jobs have become ready: somebody must look for machines. */
  readonly announce: () => void
  readonly slotsOf: (machineType: string) => { readonly slots: number; readonly cores: number }
  /** How much of a machine was put to use, in machine hours. */
  readonly onUsed: (machineHours: number, worker: DayWorker) => void
}

/** Workers on the fake cloud's machines, and the jobs that they run: counts only, for a day has millions. */
export class DayWorkers {
  ready = 0
  done = 0
  lost = 0
  readonly workers = new Map<string, DayWorker>()
  readonly #options: DayWorkersOptions
  /** Those with room, the longest waiting first. */
  readonly #roomy = new Set<DayWorker>()

  constructor(options: DayWorkersOptions) {
    this.#options = options
  }

  submit(jobs: number): void {
    this.ready += jobs
    for (const worker of this.#roomy) {
      if (this.ready === 0) break
      this.#fill(worker)
    }
    if (this.ready > 0) this.#options.announce()
  }

  /** One machine in a hundred never comes up. */
  started({ name, isSpot }: FakeInstance): void {
    const { day, random, preemptedPerHour, world } = this.#options
    if (random.chance(0.01)) return
    day.after(agentStartMs, () => this.#register(name))
    if (isSpot && preemptedPerHour > 0)
      day.after((-Math.log(1 - random.next()) / preemptedPerHour) * 3_600_000, () => world.preempt(name))
  }

  /** The cloud's log tells of half of them; the others fall silent. */
  ended({ name }: FakeInstance, how: Departure): void {
    const worker = this.workers.get(name)
    if (worker?.state !== 'active') return
    worker.state = 'silent'
    worker.silentSince = this.#options.day.now()
    this.#roomy.delete(worker)
    if (how !== 'off' && this.#options.random.chance(0.5)) this.#options.day.after(8000, () => this.lose(worker))
  }

  /** The service has given the worker up: its jobs are ready again. */
  lose(worker: DayWorker): void {
    if (worker.state === 'gone') return
    worker.state = 'gone'
    this.#roomy.delete(worker)
    this.workers.delete(worker.machine)
    this.lost += worker.running
    this.submit(worker.running)
  }

  /** By when it must have said again that it lives. */
  renewedUntil(worker: DayWorker): number {
    return (worker.state === 'silent' ? worker.silentSince : this.#options.day.now()) + leaseMs
  }

  #register(machine: string): void {
    const { day, world, pool } = this.#options
    const instance = world.instances.find(({ name }) => name === machine)
    if (instance?.status !== 'RUNNING') return
    const { slots, cores } = this.#options.slotsOf(instance.machineType)
    const at = day.now()
    const id = workerIdOn(machine, at)
    const worker: DayWorker = {
      id,
      machine,
      pool,
      registeredAt: at,
      slots,
      cores,
      free: slots,
      running: 0,
      idleSince: at,
      state: 'active',
      silentSince: 0,
    }
    this.workers.set(machine, worker)
    this.#roomy.add(worker)
    this.#fill(worker)
    if (worker.running === 0) this.#watchIdle(worker)
  }

  #fill(worker: DayWorker): void {
    const jobs = Math.min(worker.free, this.ready)
    if (jobs === 0) return
    const ms = jobMs * this.#options.random.between(0.9, 1.1)
    this.ready -= jobs
    worker.free -= jobs
    worker.running += jobs
    if (worker.free === 0) this.#roomy.delete(worker)
    this.#options.day.after(ms, () => this.#finish(worker, jobs, ms))
  }

  #finish(worker: DayWorker, jobs: number, ms: number): void {
    if (worker.state !== 'active') return
    this.done += jobs
    this.#options.onUsed((jobs * ms) / worker.cores / 3_600_000, worker)
    worker.running -= jobs
    worker.free += jobs
    this.#roomy.add(worker)
    this.#fill(worker)
    worker.idleSince = this.#options.day.now()
    if (worker.running === 0) this.#watchIdle(worker)
  }

  /** With nothing to do for a while it says goodbye and switches its machine off. */
  #watchIdle(worker: DayWorker): void {
    const { day, world } = this.#options
    const since = worker.idleSince
    day.after(idleMs, () => {
      if (worker.state !== 'active' || worker.running > 0 || worker.idleSince !== since) return
      worker.state = 'gone'
      this.#roomy.delete(worker)
      this.workers.delete(worker.machine)
      world.powerOff(worker.machine)
    })
  }
}
