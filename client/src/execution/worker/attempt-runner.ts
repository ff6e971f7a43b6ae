import type { AttemptEnd, AttemptRef } from '../../model/index.ts'
import { type AbortReason, faultOfAbort } from '../attempt/abort-reason.ts'
import { messageOf } from '../attempt/attempt-fault.ts'
import type { Held } from './holdings.ts'
import { withWholeMachine } from './whole-machine.ts'
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
    if (!held.isRunning) this.#settle(held, this.#endOfAbort(held))
    else if (reason.kind === 'preempted') this.#tellInterrupted(held)
  }

  /** What the service learns of it is on its way before anything is put away: a notice leaves only seconds. */
  stopAll(reason: AbortReason): void {
    for (const { assignment } of this.#parts.holdings.all()) this.stop(assignment, reason)
    this.#parts.outbox.flush()
  }

  async allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async #run(held: Held): Promise<void> {
    const { fitness, options, shortJobs } = this.#parts
    const ended = new AbortController()
    const begunAt = options.clock.now()
    held.begunAt = begunAt
    const hooks = {
      signal: held.aborter.signal,
      onStarted: (startedAt: number) => void this.#tellStart(held, startedAt, ended.signal),
      onCommandsEnded: () => this.#release(held),
    }
    const end = await options
      .runAttempt(withWholeMachine(held.assignment, options.total), hooks)
      .catch((error): AttemptEnd => ({ cause: 'infrastructure', message: messageOf(error) }))
    ended.abort('ended')
    shortJobs.add(options.clock.now() - begunAt)
    if (!held.aborter.signal.aborted) fitness.note(end)
    this.#settle(held, end)
  }

  /** Others may have its cores while it stores its files. */
  #release(held: Held): void {
    const { holdings, stopping, wake } = this.#parts
    holdings.release(held)
    if (!stopping.signal.aborted) this.startWhatFits()
    wake.notify()
  }

  /** In one step from held to unconfirmed: no renewal ever sees it as neither. */
  #settle(held: Held, end: AttemptEnd): void {
    const { holdings, stopping, wake } = this.#parts
    holdings.remove(held)
    if (!stopping.signal.aborted) this.startWhatFits()
    this.#tellEnd(held, end, holdings.runningJobs === 0 || stopping.signal.aborted)
    wake.notify()
  }

  #tellEnd(held: Held, end: AttemptEnd, isUrgent: boolean): void {
    const { outbox, options } = this.#parts
    if (held.isTold) return
    held.isTold = true
    const { job, attempt } = held.assignment
    const event = { type: 'attemptEnded', job, attempt, worker: options.id, end } as const
    outbox.add({ assignment: held.assignment, event }, isUrgent)
  }

  /**
   * The machine goes, perhaps before this attempt has put itself away: the job is placed elsewhere without waiting for it,
   * to begin when nothing of it can run any more. If it succeeds after all, its manifest says so to the next one. Only
   * where a checkpoint is still to be stored must the next one wait for it.
   */
  #tellInterrupted(held: Held): void {
    if (held.assignment.template.checkpoint !== undefined) return
    const end = { ...this.#endOfAbort(held), lingersMs: this.#parts.timing.putAwayMs }
    this.#tellEnd(held, end, false)
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

  #endOfAbort({ aborter }: Held): AttemptEnd {
    const { faultCause, message } = faultOfAbort(aborter.signal)
    return { cause: faultCause, message, endedAt: this.#parts.options.clock.now() }
  }
}
