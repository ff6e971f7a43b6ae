import { effects, isFinished, type Reduction, reduce, type ShardPlan } from 'graupel/kernel'
import { poolId, type ShardEvent, type ShardRecord, type WorkerId } from 'graupel/model'
import {
  attemptEnded,
  attemptStarted,
  cancelBatch,
  cancelJobs,
  holdings,
  lease,
  resolved,
  started,
  workerLost,
} from './shard-events.ts'
import { attemptsAt, check, checkRecord, checkStep } from './shard-invariants.ts'
import type { SmallShard } from './small-plans.ts'

/** What may happen to a shard in a search. */
export interface Alphabet {
  readonly workers: readonly WorkerId[]
  readonly cancels: 'none' | 'batch' | 'jobs' | 'both'
  /** Workers' reports of what they hold, and pools that fail. */
  readonly hasRareEvents?: boolean
}

/** One way out of a shard's state. */
export interface Step {
  readonly event: ShardEvent
  readonly to: number
  /** It comes by itself when nothing goes wrong any more. */
  readonly isProgress: boolean
  /** Only possible when the source shard has resolved this edge. */
  readonly needs?: string
}

export interface LocalState {
  readonly record: ShardRecord
  readonly steps: readonly Step[]
  /** Edges that it has resolved, `toShard:port:s` or `:f`. */
  readonly edges: readonly string[]
  readonly isFinished: boolean
}

/** Long enough for every back-off and grace. */
const muchLater = 10_000_000

/**
 * The states one shard can get into, found as they are asked for. Any event of the alphabet may come in any state:
 * that is every duplicate, every delay and every order at once, and more.
 */
export class LocalGraph {
  readonly plan: ShardPlan
  readonly #alphabet: Alphabet
  readonly #ids = new Map<string, number>()
  readonly #records: ShardRecord[] = []
  readonly #states: LocalState[] = []
  reductions = 0

  constructor(shard: SmallShard, alphabet: Alphabet) {
    this.plan = shard.plan
    this.#alphabet = alphabet
    this.#idOf(shard.record)
  }

  state(id: number): LocalState {
    const known = this.#states[id]
    if (known !== undefined) return known
    const record = this.#records[id]
    if (record === undefined) throw new Error(`no state ${id}`)
    const edges = effects(this.plan, record).flatMap((effect) =>
      effect.kind === 'resolveEdges' ? [`${effect.toShard}:${effect.port}:${effect.hasSucceeded ? 's' : 'f'}`] : [],
    )
    const steps = this.#candidates(record).flatMap((candidate) => this.#take(record, candidate))
    const state = { record, steps, edges, isFinished: isFinished(record) }
    this.#states[id] = state
    return state
  }

  /** Times mean nothing here, so states that differ in them alone are one. */
  #idOf(record: ShardRecord): number {
    const leases = Object.fromEntries(
      Object.entries(record.leases).map(([index, { startedAt, ...rest }]) => [index, { ...rest, at: 0, request: 0 }]),
    )
    const plain: ShardRecord = { ...record, version: 1, lastAt: 0, leases, ends: {} }
    const key = JSON.stringify([
      plain.isStarted,
      plain.isCancelled,
      plain.states,
      plain.attempts,
      plain.ports,
      leases,
      plain.losses,
      plain.notBefore,
    ])
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#records.length
    this.#ids.set(key, id)
    this.#records.push(plain)
    return id
  }

  #take(record: ShardRecord, { event, at, isProgress, needs }: Candidate): Step[] {
    const stamped = [{ at, event }]
    this.reductions++
    const first = reduce(this.plan, record, stamped)
    const next = first.record
    checkStep(this.plan, record, next, event)
    if (next === record) return []
    checkRecord(this.plan, next)
    const again = reduce(this.plan, next, stamped)
    check(again.record === next, () => `said twice, it changes something: ${JSON.stringify({ record, event })}`)
    check(
      JSON.stringify(reduce(this.plan, record, [...stamped, ...stamped]).record) === JSON.stringify(next),
      () => `said twice in one message, it does something else: ${JSON.stringify({ record, event })}`,
    )
    if (event.type === 'leaseRequested')
      check(grantsIn(again) === grantsIn(first), () => 'a repeated request got another answer')
    return [{ event, to: this.#idOf(next), isProgress, ...(needs !== undefined && { needs }) }]
  }

  #candidates(record: ShardRecord): Candidate[] {
    return [
      { event: started, at: 0, isProgress: true },
      ...this.#edges(record),
      ...this.#alphabet.workers.flatMap((worker) => [
        { event: lease(worker, 1), at: muchLater, isProgress: true },
        { event: lease(worker, 1, { maxJobs: 1, isEmpty: false }), at: muchLater, isProgress: false },
        { event: workerLost(worker), at: 0, isProgress: false },
        { event: workerLost(worker, 'preempted'), at: 0, isProgress: false },
      ]),
      ...Array.from({ length: this.plan.size }, (_, index) => this.#attempts(record, index)).flat(),
      ...this.#cancels(record),
      ...(this.#alphabet.hasRareEvents === true ? this.#rareEvents() : []),
    ]
  }

  #edges(record: ShardRecord): Candidate[] {
    return this.plan.sourceOfPort.flatMap((source, port) => {
      const needs = `${record.shard}:${port}`
      return [
        { event: resolved(source, [port]), at: 0, isProgress: true, needs: `${needs}:s` },
        { event: resolved(source, [], [port]), at: 0, isProgress: true, needs: `${needs}:f` },
      ]
    })
  }

  /** Reports about the current attempt, by its worker and by another one, and about attempts that are past or to come. */
  #attempts(record: ShardRecord, index: number): Candidate[] {
    const job = record.firstJob + index
    const [someone] = this.#alphabet.workers
    const held = record.leases[index]
    const worker = held?.worker ?? someone
    if (worker === undefined) return []
    const attempt = held?.attempt ?? Math.max(1, attemptsAt(record, index))
    const strangers = this.#alphabet.workers.filter((other) => other !== worker)
    const unplanned = [
      attemptEnded(job, attempt, worker, 'failed', { exitCode: 1 }),
      attemptEnded(job, attempt, worker, 'preempted'),
      attemptEnded(job, attempt, worker, 'image'),
      attemptEnded(job, attempt + 1, worker, 'success'),
      ...(attempt > 1
        ? [attemptEnded(job, attempt - 1, worker, 'success'), attemptStarted(job, attempt - 1, worker)]
        : []),
      ...strangers.flatMap((other) => [
        attemptEnded(job, attempt, other, 'success'),
        attemptStarted(job, attempt, other),
      ]),
    ]
    return [
      { event: attemptStarted(job, attempt, worker), at: 0, isProgress: true },
      { event: attemptEnded(job, attempt, worker, 'success'), at: 0, isProgress: true },
      ...unplanned.map((event) => ({ event, at: 0, isProgress: false })),
    ]
  }

  #cancels(record: ShardRecord): Candidate[] {
    const { cancels } = this.#alphabet
    const jobs = Array.from({ length: this.plan.size }, (_, index) => cancelJobs(record.firstJob + index))
    const events = [
      ...(cancels === 'batch' || cancels === 'both' ? [cancelBatch] : []),
      ...(cancels === 'jobs' || cancels === 'both' ? jobs : []),
    ]
    return events.map((event) => ({ event, at: 0, isProgress: false }))
  }

  #rareEvents(): Candidate[] {
    const pools = ['spot', 'standard'].map(
      (pool): ShardEvent => ({ type: 'poolFailed', pool: poolId(pool), reason: 'none' }),
    )
    const reports = this.#alphabet.workers.map((worker) => holdings(worker, []))
    return [...pools, ...reports].map((event) => ({ event, at: muchLater, isProgress: false }))
  }
}

function grantsIn({ outcomes }: Reduction): string {
  const grants = outcomes.flatMap(({ reply }) => (reply?.kind === 'granted' ? reply.grants : []))
  return JSON.stringify(grants.toSorted((left, right) => left.job - right.job))
}

interface Candidate {
  readonly event: ShardEvent
  readonly at: number
  readonly isProgress: boolean
  readonly needs?: string
}
