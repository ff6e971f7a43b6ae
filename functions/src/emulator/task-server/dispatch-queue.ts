import type { Clock } from 'graupel/engine'
import { alreadyExists, notFound } from './grpc-status-error.ts'
import { backoffMs, burstOf, type QueueSettings } from './queue-settings.ts'
import { Schedule } from './schedule.ts'
import type { StoredTask } from './stored-task.ts'
import { TokenBucket } from './token-bucket.ts'

/** A name is refused this long after its task has gone. */
const TOMBSTONE_MS = 60 * 60 * 1000

/** The handler's status, or `undefined` for none. */
export type Dispatch = (queue: string, task: StoredTask) => Promise<number | undefined>

/** One queue: its tasks, and the single waiting point that wakes for the next thing to do. */
export class DispatchQueue {
  readonly name: string
  settings: QueueSettings
  readonly #clock: Clock
  readonly #dispatch: Dispatch
  readonly #tasks = new Map<string, StoredTask>()
  readonly #tombstones = new Map<string, number>()
  readonly #schedule = new Schedule()
  readonly #bucket: TokenBucket
  readonly #underWay = new Set<Promise<void>>()
  #waiting: AbortController | undefined
  #state: 'RUNNING' | 'PAUSED' | 'CLOSED' = 'RUNNING'

  constructor(name: string, settings: QueueSettings, clock: Clock, dispatch: Dispatch) {
    this.name = name
    this.settings = settings
    this.#clock = clock
    this.#dispatch = dispatch
    this.#bucket = new TokenBucket(burstOf(settings), clock.now())
  }

  get state(): string {
    return this.#state
  }

  all(): StoredTask[] {
    return [...this.#tasks.values()]
  }

  get(name: string): StoredTask {
    const task = this.#tasks.get(name)
    if (task === undefined) throw notFound('The task')
    return task
  }

  add(task: StoredTask): void {
    this.#dropTombstones()
    if (this.#tasks.has(task.name)) throw alreadyExists('Requested entity already exists')
    if (this.#tombstones.has(task.name)) {
      throw alreadyExists('The task cannot be created because a task with this name existed too recently.')
    }
    this.#tasks.set(task.name, task)
    this.#schedule.add(task)
    this.#pump()
  }

  /** A dispatch that is under way goes on, and its end is ignored. */
  remove(name: string): void {
    const task = this.get(name)
    this.#schedule.remove(task)
    this.#tasks.delete(name)
    this.#tombstones.set(name, this.#clock.now() + TOMBSTONE_MS)
    this.#pump()
  }

  purge(): void {
    for (const name of [...this.#tasks.keys()]) this.remove(name)
  }

  /** Dispatches a task now, whatever the queue's state and limits. */
  runNow(name: string): StoredTask {
    const task = this.get(name)
    if (!task.isInFlight) this.#start(task)
    return task
  }

  setState(state: 'RUNNING' | 'PAUSED'): void {
    this.#state = state
    this.#pump()
  }

  applySettings(settings: QueueSettings): void {
    this.settings = settings
    this.#pump()
  }

  /** Dispatches nothing more; resolves when no dispatch is under way. */
  async close(): Promise<void> {
    this.#state = 'CLOSED'
    this.#waiting?.abort()
    await Promise.all(this.#underWay)
  }

  #pump(): void {
    this.#waiting?.abort()
    let pauseMs = this.#dispatchNext()
    while (pauseMs === 0) pauseMs = this.#dispatchNext()
    if (pauseMs !== undefined) this.#wakeAfter(pauseMs)
  }

  /** 0 if a task was sent off, else when to try again; `undefined`: something else will wake the queue. */
  #dispatchNext(): number | undefined {
    const task = this.#schedule.next()
    const isFull = this.#underWay.size >= this.settings.maxConcurrentDispatches
    if (task === undefined || isFull || this.#state !== 'RUNNING') return undefined
    const now = this.#clock.now()
    if (task.dueAt > now) return task.dueAt - now
    const turn = this.#bucket.take(now, this.settings.maxDispatchesPerSecond, burstOf(this.settings))
    if (turn !== 'taken') return turn
    this.#start(task)
    return 0
  }

  #wakeAfter(ms: number): void {
    const waiting = new AbortController()
    this.#waiting = waiting
    void this.#clock.sleep(ms, waiting.signal).then(() => {
      if (!waiting.signal.aborted) this.#pump()
    })
  }

  #start(task: StoredTask): void {
    this.#schedule.remove(task)
    task.isInFlight = true
    task.dispatchCount++
    task.firstDispatchAt ??= this.#clock.now()
    const run = this.#run(task).finally(() => {
      this.#underWay.delete(run)
      this.#pump()
    })
    this.#underWay.add(run)
  }

  async #run(task: StoredTask): Promise<void> {
    const status = await this.#dispatch(this.name, task).catch(() => undefined)
    task.isInFlight = false
    if (status !== undefined) task.responseCount++
    task.lastStatus = status
    if (this.#state === 'CLOSED' || this.#tasks.get(task.name) !== task) return
    const isDone = status !== undefined && status >= 200 && status < 300
    if (isDone || this.#mustGiveUp(task)) return this.remove(task.name)
    task.dueAt = this.#clock.now() + backoffMs(this.settings, task.dispatchCount)
    this.#schedule.add(task)
  }

  /** With a limit of time too, both must be used up. */
  #mustGiveUp({ dispatchCount, firstDispatchAt }: StoredTask): boolean {
    const { maxAttempts, maxRetryDurationMs } = this.settings
    const isOutOfAttempts = maxAttempts >= 0 && dispatchCount >= maxAttempts
    const elapsedMs = this.#clock.now() - (firstDispatchAt ?? 0)
    if (maxRetryDurationMs > 0) return elapsedMs >= maxRetryDurationMs && (isOutOfAttempts || maxAttempts < 0)
    return isOutOfAttempts
  }

  /** They stand in the order of their ends. */
  #dropTombstones(): void {
    const now = this.#clock.now()
    for (const [name, endsAt] of this.#tombstones) {
      if (endsAt > now) return
      this.#tombstones.delete(name)
    }
  }
}
