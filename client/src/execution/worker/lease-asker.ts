import type { LeaseReply, LeaseRequest } from '../../model/index.ts'
import type { AttemptRunner } from './attempt-runner.ts'
import { IdleWatch } from './idle-watch.ts'
import { LaneChoice, type Turn } from './lane-choice.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import { nothing } from './room.ts'
import type { WorkerParts } from './worker-parts.ts'

/** How the worker ended. `refused`: the service has given it up, so that nothing it does counts any more. */
export type WorkerEnd = 'left' | 'refused' | 'stopped'

/** A job that runs so many times longer than a short one is no short one. */
const longJobFactor = 5

/**
 * With more ends unconfirmed than this many times its slots, a worker asks for no more: they might all be lost. A small
 * worker with short jobs has more of them on their way even when all goes well.
 */
const slotsUnconfirmed = 2
const leastUnconfirmed = 64

/** A lane that has failed so often in a row is passed over. */
const failuresPerLane = 3

/** Asks the lanes for work while there is room, and leaves when there has been none for long. */
export class LeaseAsker {
  readonly #parts: WorkerParts
  readonly #runner: AttemptRunner
  readonly #keeper: LeaseKeeper
  readonly #idle: IdleWatch
  readonly #choice: LaneChoice
  #failures = 0

  constructor(parts: WorkerParts, runner: AttemptRunner, keeper: LeaseKeeper) {
    this.#parts = parts
    this.#runner = runner
    this.#keeper = keeper
    this.#idle = new IdleWatch(parts)
    this.#choice = new LaneChoice(parts.options.lanes, parts.timing, parts.homeLane)
  }

  async run(): Promise<WorkerEnd> {
    const { requests, stopping } = this.#parts
    while (!stopping.signal.aborted) {
      this.#idle.note()
      // A request stays open until it is answered: it may have been granted, and its jobs wait for this worker.
      if (this.#hasRoom() || requests.open !== undefined || this.#mustLeave) {
        const end = await this.#takeTurn(this.#choice.next(this.#parts.options.clock.now()))
        if (end !== undefined) return end
      } else {
        await this.#parts.wake.changed()
      }
    }
    return 'stopped'
  }

  /** Others of its jobs may still end well: they are waited for. */
  get #mustLeave(): boolean {
    return this.#isUnfit && this.#parts.holdings.jobs === 0
  }

  get #isUnfit(): boolean {
    return this.#parts.options.leavesWhenUnfit === true && this.#parts.fitness.isLost
  }

  #hasRoom(): boolean {
    const { holdings, options, outbox } = this.#parts
    if (this.#isUnfit) return false
    if (outbox.unconfirmedEnds > Math.max(options.maxJobs * slotsUnconfirmed, leastUnconfirmed)) {
      this.#keeper.renewSoon()
      return false
    }
    const slots = holdings.slotsLeft(this.#isAhead)
    return slots >= (this.#isAhead ? Math.ceil(options.maxJobs / 2) : 1) && holdings.free(this.#isAhead).cpuMillis > 0
  }

  /** What is fetched ahead waits here, so it is done only where the wait is shorter than another request would be. */
  get #isAhead(): boolean {
    const { holdings, options, shortJobs, timing } = this.#parts
    if (!shortJobs.areUsual || holdings.jobs === 0) return false
    // Behind one that is long already, what is fetched now could wait for hours while others have room.
    const longest = options.clock.now() - timing.shortJobMs * longJobFactor
    return holdings.all().every(({ begunAt }) => begunAt === undefined || begunAt >= longest)
  }

  async #takeTurn(turn: Turn): Promise<WorkerEnd | undefined> {
    if (turn.pauseMs > 0) return this.#pause(Math.min(turn.pauseMs, this.#idle.leftMs()) || turn.pauseMs)
    const { clock } = this.#parts.options
    const leftMs = this.#idle.leftMs()
    const isLeaving = turn.isLast && (leftMs === 0 || this.#mustLeave)
    const request = this.#makeRequest(turn, isLeaving ? 0 : Math.min(turn.waitMs, leftMs), isLeaving)
    const sentAt = clock.now()
    const sentAtMs = this.#keeper.monotonicMs()
    try {
      const reply = await this.#ask(turn.lane, request)
      if (reply === undefined) return undefined
      if (reply.request !== request.request) throw new Error(`an answer to request ${reply.request} came`)
      this.#failures = 0
      return this.#settle(turn, reply, sentAt, sentAtMs)
    } catch (error) {
      await this.#noteFailure(turn.lane, error)
      return undefined
    }
  }

  /** A request that was not answered, for whatever reason, is repeated under its number: it may have been granted. */
  #makeRequest(turn: Turn, waitMs: number, isLeaving: boolean): LeaseRequest {
    const { holdings, options, outbox, requests } = this.#parts
    const room = this.#hasRoom()
      ? { free: holdings.free(this.#isAhead), maxJobs: holdings.slotsLeft(this.#isAhead), waitMs }
      : { free: nothing, maxJobs: 1, waitMs: 0 }
    requests.open ??= ++requests.highest
    return {
      worker: options.id,
      ...(options.pool === undefined ? {} : { pool: options.pool }),
      request: requests.open,
      ...room,
      total: options.total,
      ...(options.machine === undefined ? {} : { machine: options.machine }),
      ...(options.mustFit === true ? { mustFit: true } : {}),
      isEmpty: holdings.jobs === 0,
      isLeaving,
      unconfirmed: outbox.unconfirmed(turn.lane),
    }
  }

  /** `undefined`: the wait was broken off, because there is more room than was asked for or the worker stops. */
  async #ask(lane: number, request: LeaseRequest): Promise<LeaseReply | undefined> {
    const broken = new AbortController()
    const answer = this.#parts.options.service.lease(lane, request, broken.signal)
    const reply = await Promise.race([answer, this.#moreRoomThan(request, answer)])
    if (reply !== undefined) return reply
    answer.catch(() => undefined)
    broken.abort('more room')
    this.#choice.haveMoreRoom()
    return undefined
  }

  async #moreRoomThan(request: LeaseRequest, answer: Promise<unknown>): Promise<undefined> {
    const { holdings, stopping, wake } = this.#parts
    let isAnswered = false
    const answered = answer.then(
      () => undefined,
      () => undefined,
    )
    void answered.then(() => {
      isAnswered = true
    })
    while (!isAnswered && !stopping.signal.aborted) {
      if (request.waitMs > 0 && holdings.free(false).cpuMillis > request.free.cpuMillis) return undefined
      await Promise.race([wake.changed(), answered])
    }
    return undefined
  }

  #settle(turn: Turn, reply: LeaseReply, sentAt: number, sentAtMs: number): WorkerEnd | undefined {
    const { holdings, options, requests, stopping, wake } = this.#parts
    requests.open = undefined
    // What is given may be named among what to stop: its job was cancelled before the answer came.
    for (const assignment of reply.assignments) holdings.add(assignment)
    this.#keeper.noteAnswer(turn.lane, reply, sentAt)
    if (reply.standing === 'refused') return 'refused'
    if (reply.assignments.length === 0) {
      if (reply.standing === 'left') return 'left'
      this.#choice.foundNothing(turn, options.clock.now() + reply.retryAfterMs)
      return undefined
    }
    this.#choice.foundWork(turn.lane)
    this.#keeper.noteFirstWork(sentAtMs)
    if (!stopping.signal.aborted) this.#runner.startWhatFits()
    wake.notify()
    return undefined
  }

  async #noteFailure(lane: number, error: unknown): Promise<void> {
    const { options, timing } = this.#parts
    options.log?.warn({ lane, error }, 'a lease request failed')
    this.#failures++
    if (this.#failures % failuresPerLane === 0) this.#choice.failed(lane)
    await this.#pause(Math.min(timing.retryMs * 2 ** (this.#failures - 1), timing.retryMs * 10))
  }

  async #pause(ms: number): Promise<undefined> {
    await this.#parts.options.clock.sleep(ms, this.#parts.stopping.signal)
    return undefined
  }
}
