import {
  ConflictError,
  type Document,
  MemoryStore,
  type Query,
  type Revision,
  type Store,
  type StoredDocument,
  type Write,
} from 'graupel/engine'
import type { FaultSource, Faults } from './faults.ts'
import type { SimProcess } from './sim-process.ts'
import type { World } from './world.ts'

const lateMs = 30_000

/** The store as it is on a bad day. Whatever is committed is shown to `watch` at the moment at which it takes effect. */
export class SimStore {
  readonly #memory = new MemoryStore()
  readonly #world: World
  readonly #faults: FaultSource
  readonly #watch: (writes: readonly Write[]) => void
  reads = 0
  commits = 0

  constructor(world: World, faults: FaultSource, watch: (writes: readonly Write[]) => void) {
    this.#world = world
    this.#faults = faults
    this.#watch = watch
  }

  /** The store as one process sees it. `crash`: the fault by which it dies right behind a commit. */
  of(process: SimProcess, crash: keyof Faults = 'crashAfterCommit'): Store {
    return {
      read: (paths) => process.call(() => this.#read(paths)),
      commit: (writes) => process.call(() => this.#commit(process, writes, crash)),
      query: (query) => process.call(() => this.#query(query)),
      project: (projections) => process.call(() => this.#project(projections)),
    }
  }

  /** What is stored, without delay. */
  async peek(path: string): Promise<Document | undefined> {
    const [found] = await this.#memory.read([path])
    return found?.document
  }

  async #read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    await this.#travel()
    if (this.#faults.strikes('readFails')) throw new Error('the store did not answer')
    this.reads += paths.length
    const found = await this.#memory.read(paths)
    await this.#travel()
    return found
  }

  async #query(query: Query): Promise<StoredDocument[]> {
    await this.#travel()
    if (this.#faults.strikes('readFails')) throw new Error('the store did not answer')
    const found = await this.#memory.query(query)
    await this.#travel()
    return found
  }

  async #project(projections: Parameters<Store['project']>[0]): Promise<void> {
    await this.#travel()
    if (this.#faults.strikes('commitFails')) throw new Error('the store did not answer')
    await this.#memory.project(projections)
    await this.#travel()
  }

  async #commit(process: SimProcess, writes: readonly Write[], crash: keyof Faults): Promise<Revision[]> {
    await this.#travel()
    if (this.#faults.strikes('commitFails')) throw new Error('the store did not answer, and nothing was written')
    if (this.#faults.strikes('commitLate')) {
      this.#world.after(lateMs, () => void this.#apply(process, writes, 'late').catch(() => undefined))
      throw new Error('the store did not answer in time')
    }
    const revisions = await this.#apply(process, writes, '')
    if (this.#faults.strikes(crash)) process.die()
    await this.#travel()
    const [first] = writes
    if (first !== undefined && this.#faults.strikes('ownConflict')) throw new ConflictError(first.path)
    if (this.#faults.strikes('commitUnknown')) throw new Error('the store did not answer, and all was written')
    return revisions
  }

  async #apply(process: SimProcess, writes: readonly Write[], how: string): Promise<Revision[]> {
    const revisions = await this.#memory.commit(writes)
    this.commits++
    const paths = writes.map((write) => (write.kind === 'set' ? `${write.path}@${write.document.version ?? ''}` : ''))
    this.#world.note(`${process.name} commits ${how} ${paths.join(' ')}`)
    this.#watch(writes)
    return revisions
  }

  #travel(): Promise<void> {
    return this.#world.sleep(this.#faults.random.between(1, 12))
  }
}
