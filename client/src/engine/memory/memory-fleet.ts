import { machineNameOf, type PoolId, type Resources, type WorkerId } from '../../model/index.ts'
import type { Clock, Fleet, LaunchRequest, LaunchResult, Machine, MachineOffer } from '../ports.ts'

const defaultCapacity: Resources = { cpuMillis: 1000, memoryBytes: 2 ** 32, storageBytes: 2 ** 36 }

/** The one kind of machine that somebody's own machine has to offer; it costs nothing. */
export const freeOffer = (capacity: Resources): MachineOffer => ({
  region: 'local',
  family: 'local',
  machineType: 'local',
  isSpot: false,
  capacity,
  dollarsPerHour: 0,
})

const free = ({ cpuMillis }: Resources) => ({ cpuMillis, dollarsPerHour: 0 })

/** What makes and ends machines. `launch` resolves when the machine runs, `remove` when it is gone. */
export interface MachineHost {
  launch(name: string, pool: PoolId): Promise<void> | void
  remove(name: string): Promise<void> | void
}

/**
 * Machines that something in this process makes. A name that is there is not launched again.
 * @example
 * const fleet = new MemoryFleet({ launch: (name) => startWorker(name), remove: (name) => stopWorker(name) }, systemClock)
 */
export class MemoryFleet implements Fleet {
  readonly #host: MachineHost
  readonly #clock: Clock
  readonly #capacity: Resources
  readonly #machines = new Map<string, Machine>()

  constructor(host: MachineHost, clock: Clock, capacity = defaultCapacity) {
    this.#host = host
    this.#capacity = capacity
    this.#clock = clock
  }

  async offers(): Promise<readonly MachineOffer[]> {
    return [freeOffer(this.#capacity)]
  }

  async launch(request: LaunchRequest): Promise<LaunchResult> {
    await Promise.all(request.names.map((name) => this.#launchOne(name, request.pool)))
    return { kind: 'launched', names: request.names }
  }

  /** Machines of this process are there as soon as `launch` resolves. */
  async follow({ names }: LaunchRequest): Promise<LaunchResult> {
    return { kind: 'launched', names }
  }

  async list(): Promise<Machine[]> {
    return [...this.#machines.values()]
  }

  async remove(name: string): Promise<void> {
    const machine = this.#machines.get(name)
    if (machine === undefined) return
    this.#machines.set(name, { ...machine, state: 'stopping' })
    await this.#host.remove(name)
    this.#machines.delete(name)
  }

  machineOf(worker: WorkerId): string {
    return machineNameOf(worker)
  }

  /** The machine has gone by itself. */
  forget(name: string): void {
    this.#machines.delete(name)
  }

  async #launchOne(name: string, pool: PoolId): Promise<void> {
    if (this.#machines.has(name)) return
    const machine: Machine = { name, pool, createdAt: this.#clock.now(), state: 'booting', ...free(this.#capacity) }
    this.#machines.set(name, machine)
    try {
      await this.#host.launch(name, pool)
    } catch (error) {
      this.#machines.delete(name)
      throw error
    }
    if (this.#machines.get(name) === machine) this.#machines.set(name, { ...machine, state: 'running' })
  }
}
