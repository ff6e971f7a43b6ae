import type { Assignment, AttemptRef, Resources } from '../../model/index.ts'
import { keyOf, refOf } from './attempt-key.ts'
import { atLeastNothing, fits, minus, needOf, nothing, plus } from './room.ts'

/** One attempt that this worker was given and has not ended yet. */
export interface Held {
  readonly assignment: Assignment
  /** What it takes of the machine now. */
  need: Resources
  readonly aborter: AbortController
  /** Given ahead of time, it waits here for room. */
  isRunning: boolean
  /** When it began to run, in ms since 1970. */
  begunAt: number | undefined
  /** The service knows already that it has ended: what it still does is to put itself away. */
  isTold: boolean
}

/** What the worker holds, and how much room that leaves. */
export class Holdings {
  readonly #total: Resources
  readonly #maxJobs: number
  readonly #held = new Map<string, Held>()
  #running = nothing
  #queued = nothing
  #runningJobs = 0

  constructor(total: Resources, maxJobs: number) {
    this.#total = total
    this.#maxJobs = maxJobs
  }

  get jobs(): number {
    return this.#held.size
  }

  get runningJobs(): number {
    return this.#runningJobs
  }

  /** Jobs to ask for, if `ahead` more jobs may wait here than can run. */
  slotsLeft(isAhead: boolean): number {
    return this.#maxJobs * (isAhead ? 2 : 1) - this.#held.size
  }

  /** Room for what has not been given yet; ahead of time, as if the machine were there twice. */
  free(isAhead: boolean): Resources {
    const capacity = isAhead ? plus(this.#total, this.#total) : this.#total
    return atLeastNothing(minus(minus(capacity, this.#running), this.#queued))
  }

  add(assignment: Assignment): void {
    const key = keyOf(assignment)
    if (this.#held.has(key)) return
    const need = needOf(assignment, this.#total)
    const aborter = new AbortController()
    this.#held.set(key, { assignment, need, aborter, isRunning: false, begunAt: undefined, isTold: false })
    this.#queued = plus(this.#queued, need)
  }

  /** The next attempt that has room, in the order in which they were given; it counts as running from now on. */
  startNext(): Held | undefined {
    const next = this.#firstQueued()
    if (next === undefined || this.#runningJobs >= this.#maxJobs) return undefined
    if (!fits(next.need, minus(this.#total, this.#running))) return undefined
    next.isRunning = true
    this.#queued = minus(this.#queued, next.need)
    this.#running = plus(this.#running, next.need)
    this.#runningJobs++
    return next
  }

  /** Its commands have ended: while it stores its files it takes disk alone, unless nothing may be beside it. */
  release(held: Held): void {
    if (!held.isRunning || held.assignment.isAlone === true || !this.#held.has(keyOf(held.assignment))) return
    const need = { ...nothing, storageBytes: held.need.storageBytes }
    this.#running = plus(minus(this.#running, held.need), need)
    held.need = need
  }

  remove(held: Held): void {
    if (!this.#held.delete(keyOf(held.assignment))) return
    if (held.isRunning) {
      this.#running = minus(this.#running, held.need)
      this.#runningJobs--
    } else {
      this.#queued = minus(this.#queued, held.need)
    }
  }

  find(ref: AttemptRef): Held | undefined {
    return this.#held.get(keyOf(ref))
  }

  all(): readonly Held[] {
    return [...this.#held.values()]
  }

  refs(): AttemptRef[] {
    return this.all().map(({ assignment }) => refOf(assignment))
  }

  ofLane(lane: number): AttemptRef[] {
    return this.all().flatMap(({ assignment }) => (assignment.lane === lane ? [refOf(assignment)] : []))
  }

  lanes(): ReadonlySet<number> {
    return new Set(this.all().map(({ assignment }) => assignment.lane))
  }

  #firstQueued(): Held | undefined {
    for (const held of this.#held.values()) if (!held.isRunning) return held
    return undefined
  }
}
