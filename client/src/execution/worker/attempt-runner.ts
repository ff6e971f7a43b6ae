import type { AttemptEnd, AttemptRef } from '../../model/index.ts'
import { type AbortReason, faultOfAbort } from '../attempt/abort-reason.ts'
import { messageOf } from '../attempt/attempt-fault.ts'
import type { Held } from './holdings.ts'
import type { WorkerParts } from './worker-parts.ts'

/** Runs what the worker holds, and tells how it went. */
export class AttemptRunner {
  readonly #parts: WorkerParts
  readonly #running = new Set<Promise<void>>()

  constructor(parts: WorkerParts) {
    this.#parts = parts
  }

  startWhatFits(): void {
    for (let held = this.#parts.holdings.startNext(); held; held = this.#parts.holdings.startNext()) {
      const running = this.#run(held)
      this.#running.add(running)
      void running.then(() => this.#running.delete(running))
    }
  }

  /** Ends an attempt; one that is not held any more has told its end already. */
  stop(ref: AttemptRef, reason: AbortReason): void {
    const held = this.#parts.holdings.find(ref)
    if (held === undefined) return
    held.aborter.abort(reason)
    if (!held.isRunning) this.#settle(held, this.#neverRun(held))
  }

  stopAll(reason: AbortReason): void {
    for (const { assignment } of this.#parts.holdings.all()) this.stop(assignment, reason)
  }

  async allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async #run(held: Held): Promise<void> {
    const { options, shortJobs } = this.#parts
    const ended = new AbortController()
    const begunAt = options.clock.now()
    held.begunAt = begunAt
    const onStarted = (startedAt: number) => void this.#tellStart(held, startedAt, ended.signal)
    const end = await options
      .runAttempt(held.assignment, { signal: held.aborter.signal, onStarted })
      .catch((error): AttemptEnd => ({ cause: 'infrastructure', message: messageOf(error) }))
    ended.abort('ended')
    shortJobs.add(options.clock.now() - begunAt)
    this.#settle(held, end)
  }

  /** In one step from held to unconfirmed: no renewal ever sees it as neither. */
  #settle(held: Held, end: AttemptEnd): void {
    const { holdings, outbox, options, stopping, wake } = this.#parts
    const { job, attempt } = held.assignment
    holdings.remove(held)
    if (!stopping.signal.aborted) this.startWhatFits()
    const isUrgent = holdings.runningJobs === 0 || stopping.signal.aborted
    const event = { type: 'attemptEnded', job, attempt, worker: options.id, end } as const
    outbox.add({ assignment: held.assignment, event }, isUrgent)
    wake.notify()
  }

  /** Most jobs are so short that their end says it all. */
  async #tellStart(held: Held, startedAt: number, ended: AbortSignal): Promise<void> {
    const { options, outbox, timing } = this.#parts
    await options.clock.sleep(timing.startedDelayMs, ended)
    if (ended.aborted) return
    const { job, attempt } = held.assignment
    const event = { type: 'attemptStarted', job, attempt, worker: options.id, startedAt } as const
    outbox.add({ assignment: held.assignment, event }, false)
  }

  #neverRun({ aborter }: Held): AttemptEnd {
    const { faultCause, message } = faultOfAbort(aborter.signal)
    return { cause: faultCause, message, endedAt: this.#parts.options.clock.now() }
  }
}
