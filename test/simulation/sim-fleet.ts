import { type Fleet, freeOffer, type LaunchRequest, type LaunchResult, type Machine } from 'graupel/engine'
import { machineNameOf } from 'graupel/model'
import type { FaultSource } from './faults.ts'
import { type MachineSurroundings, SimMachine } from './machine.ts'
import type { SimProcess } from './sim-process.ts'

/** Machines that boot after a while, or never; that are taken back; and whose list may be old. */
export class SimFleet {
  readonly machines = new Map<string, SimMachine>()
  readonly #around: MachineSurroundings
  readonly #faults: FaultSource
  /** What `list` said some time ago. */
  #older: Machine[] = []
  #olderAt = Number.NEGATIVE_INFINITY

  constructor(around: MachineSurroundings) {
    this.#around = around
    this.#faults = around.faults
  }

  of(process: SimProcess): Fleet {
    return {
      offers: async () => [
        freeOffer({ cpuMillis: this.#around.cores * 1000, memoryBytes: 16 * 2 ** 30, storageBytes: 2 ** 40 }),
      ],
      follow: async ({ names }) => ({ kind: 'launched', names }),
      launch: (request) => process.call(() => this.#launch(request)),
      list: () => process.call(() => this.#list()),
      remove: (name) => process.call(() => this.#remove(name)),
      machineOf: machineNameOf,
    }
  }

  async #launch(request: LaunchRequest): Promise<LaunchResult> {
    await this.#travel()
    if (this.#faults.strikes('launchRefused'))
      return { kind: 'refused', cause: 'stockout', message: 'there are no machines today' }
    if (this.#faults.strikes('loseRequest')) throw new Error('the cloud did not answer')
    for (const name of request.names) this.#launchOne(name, request)
    await this.#travel()
    if (this.#faults.strikes('loseReply')) throw new Error('the cloud did not say what it did')
    return { kind: 'launched', names: request.names }
  }

  #launchOne(name: string, { pool }: LaunchRequest): void {
    if (this.machines.has(name)) return
    const machine = new SimMachine(this.#around, name, pool)
    this.machines.set(name, machine)
    this.#around.world.note(`machine ${name} is made`)
    if (this.#faults.strikes('bootFails')) return
    this.#around.world.after(this.#faults.random.between(10_000, 40_000), () => {
      if (machine.state === 'booting') machine.startAgent()
    })
  }

  async #list(): Promise<Machine[]> {
    await this.#travel()
    const now = this.#around.world.now()
    if (this.#faults.strikes('staleList') && now - this.#olderAt < 30_000) return this.#older
    this.#older = [...this.machines.values()]
      .filter((machine) => machine.isOn)
      .map(({ name, pool, createdAt, state }) => ({
        name,
        pool,
        createdAt,
        state: state === 'gone' ? 'stopping' : state,
        cpuMillis: this.#around.cores * 1000,
        dollarsPerHour: 0,
      }))
    this.#olderAt = now
    return this.#older
  }

  async #remove(name: string): Promise<void> {
    await this.#travel()
    const machine = this.machines.get(name)
    if (machine === undefined || !machine.isOn || machine.state === 'stopping') return
    machine.state = 'stopping'
    const slow = this.#faults.strikes('slowRemoval') ? 1_200_000 : 30_000
    this.#around.world.after(this.#faults.random.between(1000, slow), () => machine.powerOff())
  }

  #travel(): Promise<void> {
    return this.#around.world.sleep(this.#faults.random.between(20, 500))
  }
}
