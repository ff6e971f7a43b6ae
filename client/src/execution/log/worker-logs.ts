import type { ObjectStore } from '../../storage/index.ts'
import { retryTransient } from '../attempt/retry-transient.ts'
import type { Clock } from '../clock.ts'
import { LogRoom } from './log-room.ts'
import { type Leavings, type Pack, planPacks } from './plan-packs.ts'

export interface WorkerLogsOptions {
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Where attempts end in quick succession, they wait so long for company, in ms. Default 0. */
  readonly lingerMs?: number | undefined
  /** The pause before a write is tried again, in ms; doubled each time. Default 1,000. */
  readonly retryMs?: number | undefined
}

/** A store that hangs holds up those that are in its pack; others go on after this. */
const longestWriteMs = 1000

interface Waiting {
  readonly left: Leavings
  readonly stored: PromiseWithResolvers<void>
}

/**
 * What the attempts of one worker print and leave. The ends of many logs go into one object, because an object costs more
 * than a short job: who ends while a pack is written joins the next one. An attempt waits for its pack before it reports
 * its end, so nobody is told of an end whose log may still be lost, and no record has to say where a log lies: the names
 * of the packs do. Records cannot hold it, because job documents may be dropped, and shard records have no room.
 */
export class WorkerLogs {
  readonly room = new LogRoom()
  readonly #options: WorkerLogsOptions
  readonly #never = new AbortController().signal
  #waiting: Waiting[] = []
  #packing: Promise<void> | undefined
  readonly #writing = new Set<Promise<void>>()
  #lastCameAt = 0

  constructor(options: WorkerLogsOptions) {
    this.#options = options
  }

  /** Resolves when it is stored. @throws AttemptFault if it cannot be */
  async store(left: Leavings): Promise<void> {
    const waiting: Waiting = { left, stored: Promise.withResolvers() }
    this.#waiting.push(waiting)
    this.#packing ??= this.#packAll()
    await waiting.stored.promise
  }

  /** Once no attempt runs any more: waits for what is still being written. */
  async close(): Promise<void> {
    await this.#packing
    await Promise.all(this.#writing)
  }

  async #packAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#linger()
      const waiting = this.#waiting
      this.#waiting = []
      const writing = this.#write(waiting)
      this.#writing.add(writing)
      void writing.then(() => this.#writing.delete(writing))
      await this.#atMost(longestWriteMs, writing)
    }
    this.#packing = undefined
  }

  async #linger(): Promise<void> {
    const { clock, lingerMs = 0 } = this.#options
    const sinceLastMs = clock.now() - this.#lastCameAt
    if (sinceLastMs < 4 * lingerMs) await clock.sleep(lingerMs)
    this.#lastCameAt = clock.now()
  }

  /** Never rejects. */
  async #write(waiting: readonly Waiting[]): Promise<void> {
    try {
      await Promise.all(planPacks(waiting.map(({ left }) => left)).map((pack) => this.#writePack(pack)))
      for (const { stored } of waiting) stored.resolve()
    } catch (error) {
      for (const { stored } of waiting) stored.reject(error)
    }
  }

  #writePack({ uri, body }: Pack): Promise<unknown> {
    const { objects, clock, retryMs = 1000 } = this.#options
    return retryTransient(`Storing ${uri}`, () => objects.write(uri, body), { clock, signal: this.#never, retryMs })
  }

  async #atMost(ms: number, done: Promise<void>): Promise<void> {
    const ended = new AbortController()
    await Promise.race([done, this.#options.clock.sleep(ms, ended.signal)])
    ended.abort()
  }
}
