import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, type Fleet, freeOffer, type LaunchRequest, type LaunchResult, type Machine } from 'graupel/engine'
import { machineNameOf, type PoolId, type Resources, type WorkerId } from 'graupel/model'
import { type RunningProgram, startProgram } from './child-program.ts'
import type { Watchdog } from './watchdog.ts'

export interface ProcessFleetOptions {
  /** What a machine runs: its program's arguments for Node. */
  readonly args: readonly string[]
  /** The environment of the program on one machine. */
  readonly environmentOf: (machine: string, pool: PoolId, folder: string) => Record<string, string | undefined>
  /** What it is told beside, by whoever asked for it. */
  readonly moreOf?: (machine: string) => Record<string, string>
  /** Each machine has a folder here, with its log beside it. */
  readonly folder: string
  /** What each machine has for jobs. */
  readonly capacity: Resources
  readonly watchdog: Watchdog
  readonly clock: Clock
  /** A machine has gone that neither was removed nor had finished. */
  readonly onGone: (machine: string) => void
}

/** How long a machine that is removed may take to put its work down. */
const stopGraceMs = 10_000

interface ProcessMachine {
  readonly machine: Machine
  readonly running: RunningProgram
}

/** "Virtual machines" that are processes of this one, each with the same program as a real one. */
export class ProcessFleet implements Fleet {
  readonly #options: ProcessFleetOptions
  readonly #machines = new Map<string, ProcessMachine>()
  #isClosed = false
  /** A machine's program has ended, however. */
  onExit: (machine: string) => void = () => undefined

  constructor(options: ProcessFleetOptions) {
    this.#options = options
  }

  async offers() {
    return [freeOffer(this.#options.capacity)]
  }

  async launch({ names, pool }: LaunchRequest): Promise<LaunchResult> {
    if (this.#isClosed) return { kind: 'refused', cause: 'stockout', message: 'the emulated service is stopping' }
    for (const name of names) if (!this.#machines.has(name)) this.#start(name, pool)
    return { kind: 'launched', names }
  }

  async follow({ names }: LaunchRequest): Promise<LaunchResult> {
    return { kind: 'launched', names }
  }

  async list(): Promise<Machine[]> {
    return Array.from(this.#machines.values(), ({ machine }) => machine)
  }

  async remove(name: string): Promise<void> {
    const found = this.#machines.get(name)
    if (found === undefined) return
    this.#machines.set(name, { ...found, machine: { ...found.machine, state: 'stopping' } })
    await found.running.stop(stopGraceMs)
  }

  machineOf(worker: WorkerId): string {
    return machineNameOf(worker)
  }

  /** The processes of the machines that live now. */
  processes(): readonly number[] {
    return Array.from(this.#machines.values(), ({ running }) => running.child.pid).filter((pid) => pid !== undefined)
  }

  /** Removes every machine and launches no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(Array.from(this.#machines.keys(), (name) => this.remove(name)))
  }

  #start(name: string, pool: PoolId): void {
    const options = this.#options
    const folder = join(options.folder, name)
    mkdirSync(folder, { recursive: true })
    const env = { ...options.environmentOf(name, pool, folder), ...options.moreOf?.(name) }
    const program = { program: process.execPath, args: options.args, env, logPath: `${folder}.log` }
    const running = startProgram(program, options.watchdog)
    const { cpuMillis } = options.capacity
    const createdAt = options.clock.now()
    const machine = { name, pool, createdAt, state: 'running', cpuMillis, dollarsPerHour: 0 } as const
    this.#machines.set(name, { machine, running })
    void running.exited.then(() => this.#forget(name, running))
  }

  /** A worker that has nothing to do says goodbye and ends well: nothing is lost then. */
  #forget(name: string, { child }: RunningProgram): void {
    const wasRemoved = this.#machines.get(name)?.machine.state === 'stopping'
    this.#machines.delete(name)
    this.onExit(name)
    if (!wasRemoved && !this.#isClosed && child.exitCode !== 0) this.#options.onGone(name)
  }
}
