import type { BatchId, ShardId } from './ids.ts'

/** 32-bit FNV-1a: spreads ids over lanes. Not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash >>> 0
}

/** The topic of a lane, for all that may happen in it. */
export const laneTopic = (topicPrefix: string, lane: number): string => `${topicPrefix}-lane-${lane}`

/** The topic of a lane that workers publish to, and what comes by it may only start and end attempts. */
export const workersTopic = (topicPrefix: string, lane: number): string => `${laneTopic(topicPrefix, lane)}-workers`

/** How many shards one lane takes before a batch spreads over all of them: a small batch stays where its worker waits. */
const shardsPerLane = 8

/** Fixed for a batch when it is submitted, so that a later change of the deployment moves no shard. */
export const laneCountFor = (shards: number, deployedLanes: number): number =>
  shards <= shardsPerLane ? 1 : deployedLanes

/** Where a batch's lanes are: `count` lanes of `deployed`, from a first one that depends on the id. */
export interface LanePlacement {
  readonly count: number
  readonly deployed: number
}

export function laneOfShard(batch: BatchId, shard: ShardId, placement: LanePlacement): number {
  const first = hash32(batch) % placement.deployed
  return (first + (shard % placement.count)) % placement.deployed
}

export const laneOfBatch = (batch: BatchId, placement: LanePlacement): number => hash32(batch) % placement.deployed
