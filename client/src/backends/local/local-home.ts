import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../engine/create-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { MemoryEventBus } from '../../engine/memory/memory-event-bus.ts'
import { MemoryStore } from '../../engine/memory/memory-store.ts'
import { MemoryTaskQueue } from '../../engine/memory/memory-task-queue.ts'
import { backgroundClock, systemClock } from '../../engine/memory/system-clock.ts'
import type { BatchId } from '../../model/index.ts'
import {
  FileObjectStore,
  fileUriOf,
  GcsObjectStore,
  type ObjectStore,
  routeByScheme,
  storePerPayer,
} from '../../storage/index.ts'
import type { Home } from '../home.ts'
import { guardExit } from './exit-guard.ts'
import type { LocalConfiguration } from './local-configuration.ts'
import { type LocalWorker, startLocalWorker } from './local-worker.ts'
import { ObservedStore } from './observed-store.ts'

const silentLog = { info: () => undefined, warn: () => undefined }

/** The service in this process: the engine on ports in memory, one worker with this machine's cores, files in a folder. */
export class LocalHome implements Home {
  readonly store: ObservedStore
  readonly changes: ObservedStore
  readonly bus: MemoryEventBus
  readonly objects: ObjectStore
  /** Who waits for an answer keeps the program alive; the engine behind it does not. */
  readonly clock = systemClock
  readonly user = userInfo().username
  readonly deployedLanes = 1
  readonly logPollMs = 100
  /** Of this home alone, so that nobody else's files are in it. */
  readonly folder: string
  readonly #tasks: MemoryTaskQueue
  readonly #engine: Engine
  readonly #worker: LocalWorker
  readonly #unguard: () => void
  /** Batches whose files outlive the home. */
  readonly #kept = new Set<BatchId>()

  constructor(configuration: LocalConfiguration) {
    mkdirSync(configuration.tmpDir, { recursive: true })
    this.folder = mkdtempSync(join(configuration.tmpDir, 'graupel-'))
    this.store = new ObservedStore(new MemoryStore())
    this.changes = this.store
    this.bus = new MemoryEventBus(backgroundClock)
    const file = new FileObjectStore({ ownFolders: [this.folder] })
    const objectsOf = storePerPayer((payer) =>
      routeByScheme({ file, gs: new GcsObjectStore({ userProjectOf: () => payer }) }),
    )
    this.objects = objectsOf(undefined)
    // Nothing is launched or swept here: what is enqueued asks for neither.
    this.#tasks = new MemoryTaskQueue(backgroundClock, async () => undefined)
    this.#engine = this.#startEngine()
    const { bus } = this
    this.#worker = startLocalWorker({
      configuration,
      objectsOf,
      bus,
      engine: this.#engine,
      folder: join(this.folder, 'work'),
    })
    this.#unguard = guardExit(() => this.#leave())
  }

  rootOf(batch: BatchId): string {
    return fileUriOf(this.folderOf(batch))
  }

  folderOf(batch: BatchId): string {
    return join(this.folder, batch)
  }

  keep(batch: BatchId): void {
    this.#kept.add(batch)
  }

  isKept(batch: BatchId): boolean {
    return this.#kept.has(batch)
  }

  async close(): Promise<void> {
    await this.#worker.close()
    await this.#engine.close()
    await this.bus.close()
    await this.#tasks.close()
    this.#unguard()
    this.#leave()
  }

  #startEngine(): Engine {
    const { store, bus, objects } = this
    const engine = createEngine({
      lane: 0,
      deployedLanes: 1,
      store,
      bus,
      tasks: this.#tasks,
      clock: backgroundClock,
      objects,
      serviceKey: randomBytes(32).toString('hex'),
      log: silentLog,
      isElastic: false,
    })
    bus.attach(0, (message) => engine.deliver(message))
    return engine
  }

  /** Synchronous, because it may be the process's last act. */
  #leave(): void {
    this.#worker.killNow()
    const kept = new Set<string>(this.#kept)
    if (kept.size === 0) rmSync(this.folder, { recursive: true, force: true })
    else
      for (const name of readdirSync(this.folder))
        if (!kept.has(name)) rmSync(join(this.folder, name), { recursive: true, force: true })
  }
}
