import { type Effect, effects, isFinished, type Reply, reduce, rememberSent } from 'graupel/kernel'
import { type ShardEvent, type ShardRecord, shardId, type WorkerId } from 'graupel/model'
import type { RandomBatch } from './random-batches.ts'
import { attemptEnded, attemptStarted, cancelBatch, holdings, lease, resolved, started } from './shard-events.ts'
import { checkRecord, checkStep } from './shard-invariants.ts'
import { ann, bob, cutGraph, type SmallShard } from './small-plans.ts'

export interface Weather {
  /** Numbers in [0, 1), for every choice. */
  readonly random: () => number
  /** Of an event: that it is delivered and kept for later as well. */
  readonly repeats: number
  /** Of an edge: that its message is lost. */
  readonly losses: number
  /** Of a step: that the batch is cancelled there. */
  readonly cancels: number
}

interface Hosted extends SmallShard {
  record: ShardRecord
  readonly known: Set<string>
}

/**
 * Shards whose messages come in any order, twice or never. Where nothing moves any more, a sweep asks all unfinished
 * shards to send again what is missing; how often is counted.
 */
export class LooseDelivery {
  readonly #batch: RandomBatch
  readonly #weather: Weather
  readonly #shards: Hosted[]
  readonly #pool: { shard: number; event: ShardEvent }[] = []
  #requests = 0
  #now = 0
  sweeps = 0
  sends = 0

  constructor(batch: RandomBatch, weather: Weather) {
    this.#batch = batch
    this.#weather = weather
    this.#shards = cutGraph(batch.graph, batch.sizes).map((shard) => ({ ...shard, known: new Set() }))
    for (const shard of this.#shards.keys()) this.#pool.push({ shard, event: started })
  }

  get letters(): string {
    return this.#shards.map(({ record }) => record.states).join('')
  }

  get records(): ShardRecord[] {
    return this.#shards.map(({ record }) => record)
  }

  /** @throws Error if it does not end */
  run(): void {
    for (let step = 0; step < 200_000; step++) {
      if (this.#weather.random() < this.#weather.cancels)
        for (const shard of this.#shards.keys()) this.#pool.push({ shard, event: cancelBatch })
      if (this.#pool.length > 0) this.#deliverOne()
      else if (this.#shards.every(({ record }) => isFinished(record))) return
      else this.#sweep()
    }
    throw new Error(`it does not end: ${this.letters}`)
  }

  #deliverOne(): void {
    const { random, repeats } = this.#weather
    const at = Math.floor(random() * this.#pool.length)
    const isKept = random() < repeats
    const [message] = isKept ? [this.#pool[at]] : this.#pool.splice(at, 1)
    if (message !== undefined) this.#reduce(message.shard, message.event)
  }

  #reduce(shard: number, event: ShardEvent): void {
    const hosted = this.#hosted(shard)
    const before = hosted.record
    // Back-offs pass: time is of no matter here.
    this.#now += 100_000
    const { record, outcomes } = reduce(hosted.plan, before, [{ at: this.#now, event }])
    checkStep(hosted.plan, before, record, event)
    if (record !== before) checkRecord(hosted.plan, record)
    hosted.record = record
    if (event.type === 'swept' || event.type === 'edgesAsked') hosted.known.clear()
    for (const { reply } of outcomes) if (event.type === 'leaseRequested') this.#work(shard, event.worker, reply)
    // A worker whose job has ended asks again.
    if (event.type === 'attemptEnded' && record !== before && record.counts.ready > 0) this.#request(shard)
    this.#tell(shard)
  }

  #tell(shard: number): void {
    const hosted = this.#hosted(shard)
    const fresh = effects(hosted.plan, hosted.record).filter((effect) => !hosted.known.has(effect.key))
    for (const effect of fresh) {
      hosted.known.add(effect.key)
      this.sends++
      this.#carryOut(shard, effect)
    }
    // Sometimes the instance dies with its memory, sometimes what it knows is stored in time.
    if (this.#weather.random() < 0.5) hosted.record = rememberSent(hosted.plan, hosted.record, fresh)
    if (this.#weather.random() < 0.02) hosted.known.clear()
  }

  #carryOut(shard: number, effect: Effect): void {
    if (effect.kind === 'announceReadyWork') this.#request(shard)
    if (effect.kind === 'askEdges')
      this.#pool.push({ shard: effect.fromShard, event: { type: 'edgesAsked', byShard: shardId(shard) } })
    if (effect.kind === 'stopAttempt')
      this.#pool.push({ shard, event: attemptEnded(effect.job, effect.attempt, effect.worker, 'stopped') })
    if (effect.kind === 'resolveEdges' && this.#weather.random() >= this.#weather.losses) {
      const ports = [effect.port]
      const event = effect.hasSucceeded ? resolved(shard, ports) : resolved(shard, [], ports)
      this.#pool.push({ shard: effect.toShard, event })
    }
  }

  #request(shard: number): void {
    this.#requests++
    const worker = this.#weather.random() < 0.5 ? ann : bob
    const maxJobs = 1 + Math.floor(this.#weather.random() * 3)
    this.#pool.push({ shard, event: lease(worker, this.#requests, { maxJobs }) })
  }

  #work(shard: number, worker: WorkerId, reply: Reply | undefined): void {
    for (const { job, attempt } of reply?.kind === 'granted' ? reply.grants : []) {
      const behaviour = this.#batch.behaviours[job - 1] ?? []
      const end = behaviour[attempt - 1] ?? behaviour.at(-1)
      if (end === undefined) throw new Error(`job ${job} has no behaviour`)
      this.#pool.push({ shard, event: attemptStarted(job, attempt, worker) })
      this.#pool.push({ shard, event: { ...attemptEnded(job, attempt, worker, end.cause, end) } })
    }
  }

  #sweep(): void {
    this.sweeps++
    for (const [shard, { record }] of this.#shards.entries()) {
      if (isFinished(record)) continue
      this.#pool.push({ shard, event: { type: 'swept', resend: true } })
      if (record.counts.ready > 0) this.#request(shard)
      for (const worker of [ann, bob]) this.#pool.push({ shard, event: holdings(worker, heldBy(record, worker)) })
    }
  }

  #hosted(shard: number): Hosted {
    const hosted = this.#shards[shard]
    if (hosted === undefined) throw new Error(`there is no shard ${shard}`)
    return hosted
  }
}

const heldBy = (record: ShardRecord, worker: WorkerId): [number, number][] =>
  Object.entries(record.leases).flatMap(([index, lease]) =>
    lease.worker === worker ? [[record.firstJob + Number(index), lease.attempt]] : [],
  )

/** The same numbers for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
