import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assembleChunk } from '../../client/src/compile/assemble-chunks.ts'
import { cutShards } from '../../client/src/compile/cut-shards.ts'
import { linkPorts } from '../../client/src/compile/link-ports.ts'
import { numberParents } from '../../client/src/compile/parent-lists.ts'
import { PortTable } from '../../client/src/compile/port-table.ts'
import { prepareJobs } from '../../client/src/compile/prepare-jobs.ts'
import { sampleTemplate, sha256, specOf } from './sample-spec.ts'

/** The greatest share of its estimate that a chunk of this batch takes. */
function fullestChunk(parentLists: readonly (readonly number[])[]): number {
  const spec = specOf(parentLists)
  const order = Uint32Array.from(parentLists, (_, index) => index)
  const numbering = { order, numbers: order.map((index) => index + 1), firstJob: 1 }
  const parents = numberParents(spec, numbering)
  const input = { jobs: prepareJobs(spec, numbering, sha256), parents, firstJob: 1 }
  const shardOfJob = (job: number) => ({ shard: 0, firstJob: job })
  const { drafts } = cutShards({ spec, order, input, numbering: { firstJob: 1, firstShard: 0, shardOfJob } })
  const shares = drafts.map((draft, shard) => {
    const chunk = assembleChunk({ spec, order, ...input }, draft, shard)
    return Buffer.byteLength(JSON.stringify({ ...chunk, templates: [sampleTemplate] })) / draft.sizeBytes
  })
  return Math.max(...shares)
}

/** The second layer of 520 jobs hangs on the first by rules drawn at random. */
const twoLayers = fc
  .record({
    most: fc.integer({ min: 1, max: 6 }),
    factors: fc.array(fc.integer({ min: 0, max: 511 }), { minLength: 6, maxLength: 6 }),
    cycle: fc.constantFrom(1, 2, 7, 100, 520),
  })
  .map(({ most, factors, cycle }) =>
    Array.from({ length: 1040 }, (_, index) =>
      index < 520
        ? []
        : factors.slice(0, 1 + (index % most)).map((factor, k) => ((index % cycle) * factor + k * k * 31) % 512),
    ),
  )

test('a chunk is never larger than was estimated when its jobs were added', () => {
  fc.assert(
    fc.property(twoLayers, (parents) => {
      expect(fullestChunk(parents)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 60 },
  )
})

/** What the in-ports of a shard were said to cost, and what they do, with all parents in one other shard. */
function costOfPorts(parentLists: readonly (readonly number[])[]): { estimated: number; actual: number } {
  const targets = Uint32Array.from(parentLists.flat())
  const table = new PortTable(targets)
  let estimated = 0
  let from = 0
  parentLists.forEach((parents, child) => {
    const group = { source: 7, sourceFirstJob: 0, from, to: from + parents.length }
    const port = table.find(group)
    estimated += table.measure(group, port)
    table.add(group, port, child)
    from = group.to
  })
  return { estimated, actual: JSON.stringify(linkPorts(table.sources.values(), targets, 8).inPorts).length - 2 }
}

const parentSets = fc
  .integer({ min: 1, max: 40 })
  .chain((parents) =>
    fc.array(fc.uniqueArray(fc.nat(parents - 1), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 80 }),
  )
  .map((sets) => sets.map((set) => [...set].sort((left, right) => left - right)))

test('in-ports are never larger than was estimated, however runs of them break', () => {
  const straight = Array.from({ length: 511 }, (_, parent) => [parent])
  const singles = fc.array(fc.nat(30), { minLength: 1, maxLength: 80 }).map((list) => list.map((parent) => [parent]))
  const broken = [
    [...straight, [0]],
    [...straight, [510]],
    [[510], ...straight],
  ]
  for (const example of broken) {
    const { estimated, actual } = costOfPorts(example)
    expect(actual).toBeLessThanOrEqual(estimated)
  }
  fc.assert(
    fc.property(fc.oneof(parentSets, singles), (sets) => {
      const { estimated, actual } = costOfPorts(sets)
      expect(actual).toBeLessThanOrEqual(estimated)
    }),
    { numRuns: 500 },
  )
})
