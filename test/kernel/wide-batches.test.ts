import { effects, indexPlan, isFinished, newShardRecord, reduce, rememberSent, type ShardPlan } from 'graupel/kernel'
import { type PlanChunk, rangesSchema, type ShardEvent, type ShardRecord, shardId, toRanges } from 'graupel/model'
import { expect, test } from 'vitest'
import { attemptEnded, lease, started } from './shard-events.ts'
import { ann, plainTemplate, someBatch } from './small-plans.ts'

const width = 100_000
const shardSize = 512
const kiB = 1024

/** What the largest of each was. */
interface Sizes {
  event: number
  record: number
  effects: number
  reductions: number
}

/** Shards that pass on their edges; every job is granted at once and ends so. */
class WideBatch {
  readonly #shards: { plan: ShardPlan; record: ShardRecord }[]
  readonly #queue: { shard: number; event: ShardEvent }[] = []
  readonly #failing: number | undefined
  readonly sizes: Sizes = { event: 0, record: 0, effects: 0, reductions: 0 }

  /** @param failing a job that fails */
  constructor(chunks: readonly PlanChunk[], failing?: number) {
    this.#shards = chunks.map((chunk) => ({ plan: indexPlan(chunk), record: newShardRecord(someBatch, chunk, 0) }))
    this.#failing = failing
    for (const shard of chunks.keys()) this.#queue.push({ shard, event: started })
  }

  run(): this {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      this.#step(next.shard, [next.event])
    return this
  }

  get letters(): string[] {
    return this.#shards.map(({ record }) => record.states)
  }

  get isFinished(): boolean {
    return this.#shards.every(({ record }) => isFinished(record))
  }

  #step(number: number, events: ShardEvent[]): void {
    const shard = this.#shards[number]
    if (shard === undefined) throw new Error(`there is no shard ${number}`)
    const before = shard.record
    const { record } = reduce(
      shard.plan,
      before,
      events.map((event) => ({ at: 0, event })),
    )
    const told = effects(shard.plan, record)
    shard.record = rememberSent(shard.plan, record, told)
    this.#measure(shard.record, events, told.length)
    this.#passOn(number, shard.plan, record)
    if (shard.record.counts.ready > 0) this.#runAll(number, shard.record)
  }

  #measure(record: ShardRecord, events: readonly ShardEvent[], count: number): void {
    this.sizes.reductions++
    this.sizes.effects = Math.max(this.sizes.effects, count)
    this.sizes.record = Math.max(this.sizes.record, JSON.stringify(record).length)
    for (const event of events) this.sizes.event = Math.max(this.sizes.event, JSON.stringify(event).length)
  }

  #passOn(number: number, plan: ShardPlan, record: ShardRecord): void {
    const ports = Map.groupBy(
      effects(plan, record).filter((effect) => effect.kind === 'resolveEdges'),
      (effect) => effect.toShard,
    )
    for (const [shard, edges] of ports) {
      const numbers = (hasSucceeded: boolean) =>
        edges.filter((edge) => edge.hasSucceeded === hasSucceeded).map((edge) => edge.port)
      const [succeeded, failed] = [toRanges(numbers(true)), toRanges(numbers(false))]
      const event: ShardEvent = {
        type: 'edgesResolved',
        fromShard: shardId(number),
        succeeded: rangesSchema.parse(succeeded),
        failed: rangesSchema.parse(failed),
      }
      this.#queue.push({ shard, event })
    }
  }

  #runAll(number: number, record: ShardRecord): void {
    const ready = Array.from(record.states).flatMap((letter, index) =>
      letter === 'r' ? [record.firstJob + index] : [],
    )
    this.#step(number, [lease(ann, this.sizes.reductions)])
    const ends = ready.map((job) => attemptEnded(job, 1, ann, job === this.#failing ? 'failed' : 'success'))
    this.#step(number, ends)
  }
}

function chunkOf(
  shard: number,
  firstJob: number,
  jobs: number,
  ports: Partial<PlanChunk>,
  alwaysRun = false,
): PlanChunk {
  return {
    shard,
    firstJob,
    templates: [{ ...plainTemplate, alwaysRun }],
    jobs: Array.from({ length: jobs }, () => ({ template: 0, detail: { object: 'none' }, parents: [] })),
    inPorts: [],
    outPorts: [],
    reportsFailures: false,
    ...ports,
  }
}

const middles = Array.from({ length: Math.ceil(width / shardSize) }, (_, index) => index + 1)
const sizeOf = (middle: number): number => Math.min(shardSize, width - shardSize * (middle - 1))

/** One job, 100,000 children of it, and one that waits for all of them. */
function fanOutAndJoin(): PlanChunk[] {
  const last = middles.length + 1
  const every = (size: number): [number, number][] => [[0, size - 1]]
  return [
    chunkOf(0, 1, 1, { outPorts: middles.map((toShard) => ({ toShard, first: 0, count: 1, parents: [0] })) }),
    ...middles.map((shard) =>
      chunkOf(shard, 2 + shardSize * (shard - 1), sizeOf(shard), {
        inPorts: [{ fromShard: 0, first: 0, count: 1, children: every(sizeOf(shard)) }],
        outPorts: [{ toShard: last, first: shard - 1, count: 1, parents: every(sizeOf(shard)) }],
      }),
    ),
    chunkOf(last, 2 + width, 1, {
      inPorts: middles.map((fromShard) => ({ fromShard, first: fromShard - 1, count: 1, children: [0] })),
    }),
  ]
}

/** 100,000 pairs: each job of one half has its own child in the other. */
function pairs(): PlanChunk[] {
  const half = middles.length
  return [...middles, ...middles.map((middle) => middle + half)].map((number): PlanChunk => {
    const isChild = number > half
    const middle = isChild ? number - half : number
    const size = sizeOf(middle)
    const firstJob = 1 + (isChild ? width : 0) + shardSize * (middle - 1)
    const all: [number, number][] = [[0, size - 1]]
    const inPorts = isChild ? [{ fromShard: middle - 1, first: 0, count: size, children: all }] : []
    const outPorts = isChild ? [] : [{ toShard: half + middle - 1, first: 0, count: size, parents: all }]
    return chunkOf(number - 1, firstJob, size, { inPorts, outPorts })
  })
}

test('a fan-out to 100,000 jobs and a join of them: no event, record or step outgrows a shard', () => {
  const chunks = fanOutAndJoin()
  expect(chunks).toHaveLength(198)
  const batch = new WideBatch(chunks).run()
  expect(batch.isFinished).toBe(true)
  expect(batch.letters.every((letters) => /^S+$/.test(letters))).toBe(true)
  expect(batch.sizes.event).toBeLessThan(kiB)
  expect(batch.sizes.record).toBeLessThan(64 * kiB)
  expect(batch.sizes.effects).toBeLessThanOrEqual(shardSize + 1)
  // Start, edges in, lease and ends per shard, and one edge from each middle shard to the join.
  expect(batch.sizes.reductions).toBeLessThan(5 * chunks.length)
  for (const chunk of chunks.filter((one) => one.jobs.length === 1))
    expect(JSON.stringify(chunk).length).toBeLessThan(16 * kiB)
})

test('one failure among 100,000 cancels the join when the last of them has ended', () => {
  const batch = new WideBatch(fanOutAndJoin(), 50_000).run()
  expect(batch.isFinished).toBe(true)
  expect(batch.letters.join('').replaceAll('S', '')).toBe('FX')
})

test('100,000 edges one to one travel by the run, not one by one', () => {
  const chunks = pairs()
  const batch = new WideBatch(chunks, 50_000).run()
  expect(batch.isFinished).toBe(true)
  expect(batch.letters.join('').replaceAll('S', '')).toBe('FX')
  expect(batch.sizes.event).toBeLessThan(kiB)
  expect(batch.sizes.effects).toBeLessThanOrEqual(shardSize + 1)
  expect(batch.sizes.reductions).toBeLessThan(5 * chunks.length)
})
