import type { AttemptRef } from '../../model/index.ts'
import type { AttemptRunner } from './attempt-runner.ts'
import type { WorkerParts } from './worker-parts.ts'

/** Renewals that are asked for in between come no closer together than this. */
const soonestMs = 1000

/** The lease is looked at no less often than this: a timer may stand still while the machine sleeps. */
const watchMs = 15_000

interface Answer {
  readonly confirmed: readonly AttemptRef[]
  readonly stops: readonly AttemptRef[]
  readonly standing: 'active' | 'left' | 'refused'
}

/** Keeps the worker's lease: says regularly what it holds, and kills everything if nobody has heard it for too long. */
export class LeaseKeeper {
  readonly #parts: WorkerParts
  readonly #runner: AttemptRunner
  readonly #underWay = new Set<number>()
  /** When the last renewal that the home lane wrote down was sent, by the clock that counts sleep. */
  #renewedAtMs: number | undefined
  #lastRoundAt = Number.NEGATIVE_INFINITY
  #isRenewingSoon = false

  constructor(parts: WorkerParts, runner: AttemptRunner) {
    this.#parts = parts
    this.#runner = runner
  }

  async run(): Promise<void> {
    const { options, stopping, timing } = this.#parts
    while (!stopping.signal.aborted) {
      await options.clock.sleep(timing.renewMs, stopping.signal)
      if (!stopping.signal.aborted) this.#renewNow()
    }
  }

  /** Kills at the latest `killAfterMs` after the sending of the last successful renewal, when the service may give up. */
  async watch(): Promise<void> {
    const { holdings, options, stopping, timing } = this.#parts
    if (options.isTimed === false) return
    while (!stopping.signal.aborted) {
      const leftMs = this.#leftMs()
      if (leftMs <= 0 && holdings.jobs > 0) this.#loseAll()
      await options.clock.sleep(
        Math.max(1, Math.min(leftMs > 0 ? leftMs : timing.killAfterMs, watchMs)),
        stopping.signal,
      )
    }
  }

  /** Ends wait to be confirmed: ask, but not again and again. */
  renewSoon(): void {
    if (!this.#isRenewingSoon) void this.#renewInAWhile()
  }

  noteAnswer(lane: number, { confirmed, stops, standing }: Answer, sentAt: number): void {
    const { outbox, wake } = this.#parts
    outbox.confirm(confirmed)
    outbox.republish(lane, sentAt)
    for (const ref of stops) this.#runner.stop(ref, { kind: 'stopped' })
    if (standing === 'refused') this.#loseAll()
    wake.notify()
  }

  /** The service's record of this worker begins with the first work that it gives. */
  noteFirstWork(sentAtMs: number): void {
    this.#parts.requests.isKnown = true
    this.#renewedAtMs ??= sentAtMs
  }

  monotonicMs(): number {
    const { clock } = this.#parts.options
    return clock.monotonicMs?.() ?? clock.now()
  }

  #renewNow(): void {
    this.#lastRoundAt = this.#parts.options.clock.now()
    for (const lane of this.#lanesToTell()) {
      if (!this.#underWay.has(lane)) void this.#renew(lane)
    }
  }

  #leftMs(): number {
    if (this.#renewedAtMs === undefined) return Number.POSITIVE_INFINITY
    return this.#renewedAtMs + this.#parts.timing.killAfterMs - this.monotonicMs()
  }

  #loseAll(): void {
    this.#runner.stopAll({ kind: 'lost' })
  }

  /** The home lane writes down that the worker lives, also when it has nothing to do; others hear of what is theirs. */
  #lanesToTell(): ReadonlySet<number> {
    const { holdings, homeLane, options, outbox, requests } = this.#parts
    const home = requests.isKnown && options.isTimed !== false ? [homeLane] : []
    return new Set([...home, ...holdings.lanes(), ...outbox.lanes()])
  }

  async #renewInAWhile(): Promise<void> {
    const { options, stopping } = this.#parts
    const pauseMs = this.#lastRoundAt + soonestMs - options.clock.now()
    this.#isRenewingSoon = true
    if (pauseMs > 0) await options.clock.sleep(pauseMs, stopping.signal)
    this.#isRenewingSoon = false
    if (!stopping.signal.aborted) this.#renewNow()
  }

  async #renew(lane: number): Promise<void> {
    const { holdings, homeLane, options, outbox, requests, stopping, wake } = this.#parts
    const sentAt = options.clock.now()
    const sentAtMs = this.monotonicMs()
    this.#underWay.add(lane)
    try {
      const reply = await options.service.renew(lane, {
        worker: options.id,
        ...(options.pool === undefined ? {} : { pool: options.pool }),
        highest: requests.highest,
        ...(requests.open === undefined ? {} : { open: requests.open }),
        // The home lane hears of everything, and so finds leases in lanes where this worker knows of none.
        held: lane === homeLane ? holdings.refs() : holdings.ofLane(lane),
        unconfirmed: lane === homeLane ? outbox.allUnconfirmed() : outbox.unconfirmed(lane),
        free: holdings.free(false),
      })
      if (reply.standing === 'active' && lane === homeLane) this.#renewedAtMs = sentAtMs
      this.noteAnswer(lane, reply, sentAt)
      if (reply.standing === 'refused') stopping.abort('refused')
    } catch (error) {
      options.log?.warn({ lane, error }, 'a renewal failed')
    } finally {
      this.#underWay.delete(lane)
      wake.notify()
    }
  }
}
