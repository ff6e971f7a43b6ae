import type { Outcome, Stamped } from '../kernel/index.ts'
import type { Write } from './ports.ts'
import { BrokenRecordError, type RecordModel } from './record-model.ts'
import type { Stored } from './records.ts'
import { type Sent, SentMemory } from './sent-memory.ts'

/** After this many lost races an event is given back to the bus, which lets it come again later. */
const maxTries = 8

interface Item<E> {
  readonly event: E
  readonly settle: (outcome: Outcome | undefined) => void
  readonly fail: (error: unknown) => void
  tries: number
}

/** What the turn of a lane sees of a record, whatever its kind. */
export interface Hosted {
  readonly path: string
  readonly hasWork: boolean
  readonly isLoaded: boolean
  load(): Promise<void>
  /** Loads what the waiting events bring with them. */
  anticipate(): Promise<void>
  /** Takes the waiting events and reduces them. */
  prepare(at: number): void
  readonly hasChange: boolean
  /** Nothing to commit, but a waiting event is answered from memory: that needs a look at the stored revision. */
  readonly needsProof: boolean
  write(): Write
  confirm(revision: Stored<unknown>['revision']): void
  /** The cached revision is the stored one: what was found to change nothing truly changes nothing. */
  confirmUnchanged(): void
  isAt(revision: Stored<unknown>['revision'] | undefined): boolean
  /** Drops what was computed and the cache; the events wait for the next turn. */
  discard(): void
  /** Gives the events back to whoever sent them. */
  reject(error: unknown): void
}

/** One record in memory: its cache, its waiting events, and what of its effects is known to be told. */
export class HostedRecord<R, E, F extends { readonly key: string }> implements Hosted {
  readonly path: string
  readonly #model: RecordModel<R, E, F>
  readonly #sent: SentMemory<R, F>
  #cache: Stored<R> | undefined
  #isLoaded = false
  #loading: Promise<void> | undefined
  #queue: Item<E>[] = []
  #taken: Item<E>[] = []
  #outcomes: readonly Outcome[] = []
  /** What came of events that nobody queued. */
  #applied: Outcome[] = []
  #next: R | undefined
  #saving: readonly F[] = []

  /** @param sent what this instance has told of the record when it had it in memory before */
  constructor(model: RecordModel<R, E, F>, sent?: Sent<F>) {
    this.path = model.path
    this.#model = model
    this.#sent = new SentMemory((effects, record) => model.send(effects, record), sent)
  }

  /** Resolves when the event is durable and its effects are told; with `undefined` if there is no such record any more. */
  deliver(event: E): Promise<Outcome | undefined> {
    return new Promise((settle, fail) => this.#queue.push({ event, settle, fail, tries: 0 }))
  }

  get hasWork(): boolean {
    return this.#queue.length > 0
  }

  get sent(): Sent<F> {
    return this.#sent.sent
  }

  /** Nobody waits for it. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#taken.length === 0 && !this.hasChange
  }

  get isLoaded(): boolean {
    return this.#isLoaded
  }

  /** The record as this turn leaves it so far. */
  get record(): R | undefined {
    return this.#next ?? this.#cache?.record
  }

  /** The record as it was last known to be stored. What is told to others must follow from this one. */
  get stored(): R | undefined {
    return this.#cache?.record
  }

  get hasChange(): boolean {
    return this.#next !== undefined && this.#next !== this.#cache?.record
  }

  get needsProof(): boolean {
    return this.#taken.length > 0 && this.#outcomes.some((outcome) => !isAboutTerminal(outcome))
  }

  /** Reads the record once, however many ask: a second reading would put an older record over a newer. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) return
    try {
      this.#cache = await this.#model.load()
      this.#isLoaded = true
    } catch (error) {
      if (!(error instanceof BrokenRecordError)) throw error
      await this.#model.reportBroken(error)
      this.#settleQueue(undefined)
    }
  }

  async anticipate(): Promise<void> {
    if (this.#cache === undefined || this.#queue.length === 0) return
    await this.#model.anticipate(
      this.#cache.record,
      this.#queue.map((item) => item.event),
    )
  }

  prepare(at: number): void {
    const cache = this.#cache
    if (cache === undefined) {
      // Events for a record that is not there are acknowledged and dropped; it is looked for again next time.
      this.#settleQueue(undefined)
      this.#isLoaded = false
      return
    }
    this.#taken = this.#queue
    this.#queue = []
    const reduced = this.#reduceAll(this.#next ?? cache.record, at)
    this.#next = reduced.record
    this.#outcomes = reduced.outcomes
  }

  /** Reduces one event at once, on top of what this turn has reduced so far; `undefined` if that cannot be done. */
  apply(event: E, at: number): Outcome | undefined {
    const record = this.record
    if (record === undefined) return undefined
    try {
      const reduced = this.#model.reduce(record, [{ at, event }])
      this.#next = reduced.record
      this.#applied.push(...reduced.outcomes)
      return reduced.outcomes[0]
    } catch {
      // A record that cannot be reduced must not hold up the others of this turn; its own events find out.
      return undefined
    }
  }

  /** The stored record has moved on: read it again, unless something is being done with what is here. */
  outdate(): void {
    if (this.isIdle) this.#forget()
  }

  write(): Write {
    if (this.#cache === undefined || this.#next === undefined) throw new Error(`${this.path} has nothing to commit`)
    // Forgotten first: or what was told before would be stored again as told, over the event's own clearing.
    this.#forgetSent()
    this.#saving = this.#sent.unsaved
    this.#next = this.#model.remember(this.#next, this.#saving)
    return this.#model.write(this.#next, this.#cache.revision)
  }

  confirm(revision: Stored<R>['revision']): void {
    const before = this.#cache
    const after = this.#next
    if (before === undefined || after === undefined) return
    this.#cache = { record: after, revision }
    this.#sent.saved(this.#saving)
    this.#model.committed(before.record, after, [...this.#outcomes, ...this.#applied])
    this.#finishTurn(after)
  }

  confirmUnchanged(): void {
    if (this.#cache !== undefined) this.#finishTurn(this.#cache.record)
  }

  isAt(revision: Stored<R>['revision'] | undefined): boolean {
    return this.#cache !== undefined && this.#cache.revision === revision
  }

  discard(): void {
    const exhausted = this.#taken.filter((item) => ++item.tries >= maxTries)
    for (const item of exhausted) item.fail(new Error(`${this.path}: lost ${maxTries} races for its revision in a row`))
    this.#queue = [...this.#taken.filter((item) => item.tries < maxTries), ...this.#queue]
    this.#forget()
  }

  reject(error: unknown): void {
    for (const item of [...this.#taken, ...this.#queue]) item.fail(error)
    this.#queue = []
    this.#forget()
  }

  #forgetSent(): void {
    for (const { event } of this.#taken) {
      const prefix = this.#model.forgottenBy(event)
      if (prefix !== undefined) this.#sent.forget(prefix)
    }
  }

  #forget(): void {
    this.#taken = []
    this.#outcomes = []
    this.#applied = []
    this.#next = undefined
    this.#cache = undefined
    this.#isLoaded = false
  }

  #finishTurn(record: R): void {
    const taken = this.#taken
    const outcomes = this.#outcomes
    this.#forgetSent()
    this.#taken = []
    this.#outcomes = []
    this.#applied = []
    this.#next = undefined
    // Effects follow from the record, not from the events: what a crash lost is found here by any later event.
    this.#sent.tell(this.#model.effects(record), record).then(
      () => settleAll(taken, outcomes),
      (error) => {
        for (const item of taken) item.fail(error)
      },
    )
  }

  #reduceAll(record: R, at: number) {
    const stamped = this.#taken.map((item): Stamped<E> => ({ at, event: item.event }))
    try {
      return this.#model.reduce(record, stamped)
    } catch {
      return this.#reduceSingly(record, at)
    }
  }

  /** One event makes `reduce` throw: find it, set it aside, and go on with the others. */
  #reduceSingly(record: R, at: number) {
    const outcomes: Outcome[] = []
    const sound: Item<E>[] = []
    let current = record
    for (const item of this.#taken) {
      try {
        const reduced = this.#model.reduce(current, [{ at, event: item.event }])
        current = reduced.record
        outcomes.push(...reduced.outcomes)
        sound.push(item)
      } catch (error) {
        this.#model.bury(item.event, error).then(() => item.settle(undefined), item.fail)
      }
    }
    this.#taken = sound
    return { record: current, outcomes }
  }

  #settleQueue(outcome: Outcome | undefined): void {
    for (const item of this.#queue) item.settle(outcome)
    this.#queue = []
  }
}

function settleAll<E>(taken: readonly Item<E>[], outcomes: readonly Outcome[]): void {
  for (const [index, item] of taken.entries()) item.settle(outcomes[index])
}

/** Terminal states never change, so an event about a job that is terminal here needs no second look. */
const isAboutTerminal = (outcome: Outcome): boolean =>
  outcome.kind === 'ignored' && outcome.reason === 'alreadyTerminal'
