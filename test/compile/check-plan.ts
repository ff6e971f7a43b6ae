import {
  maxChunkBytes,
  maxShardInPorts,
  maxShardJobs,
  type OutPort,
  type PlanChunk,
  planChunkSchema,
} from 'graupel/model'
import { expect } from 'vitest'
import { expandPlan } from './expand-plan.ts'

/** Every bound that a stored chunk must keep. */
export function expectBounds(chunks: readonly PlanChunk[], first: { job: number; shard: number }): void {
  let nextJob = first.job
  for (const [offset, chunk] of chunks.entries()) {
    planChunkSchema.parse(chunk)
    expect(chunk.shard).toBe(first.shard + offset)
    expect(chunk.firstJob).toBe(nextJob)
    nextJob += chunk.jobs.length
    expect(chunk.jobs.length).toBeLessThanOrEqual(maxShardJobs)
    expect(chunk.inPorts.reduce((count, port) => count + port.count, 0)).toBeLessThanOrEqual(maxShardInPorts)
    expect(Buffer.byteLength(JSON.stringify(chunk))).toBeLessThanOrEqual(maxChunkBytes)
  }
}

/** The pairs `parent → child` of a plan; fails if one of them comes twice or a port has one side only. */
export function edgesOf(chunks: readonly PlanChunk[], attached: ReadonlyMap<number, readonly OutPort[]> = new Map()) {
  const paths = expandPlan(chunks, attached)
  const edges = new Set(paths.map(({ parent, child }) => `${parent} → ${child}`))
  expect(edges.size).toBe(paths.length)
  const known = new Set(
    chunks.flatMap(({ shard, inPorts }) =>
      inPorts.flatMap(({ fromShard, first, count }) =>
        Array.from({ length: count }, (_, offset) => `${fromShard} ${shard} ${first + offset}`),
      ),
    ),
  )
  const sources = [...chunks.map(({ shard, outPorts }) => ({ shard, outPorts })), ...toSources(attached)]
  const resolved = sources.flatMap(({ shard, outPorts }) =>
    outPorts.flatMap(({ toShard, first, count }) =>
      Array.from({ length: count }, (_, offset) => `${shard} ${toShard} ${first + offset}`),
    ),
  )
  expect(resolved.filter((port) => !known.has(port))).toEqual([])
  return edges
}

const toSources = (attached: ReadonlyMap<number, readonly OutPort[]>) =>
  [...attached].map(([shard, outPorts]) => ({ shard, outPorts }))
