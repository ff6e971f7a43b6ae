import { plannedJob, templateOf } from '../kernel/index.ts'
import {
  type Assignment,
  type AttemptRef,
  type GrantRef,
  memoryBytesOf,
  type ShardRecord,
  type WorkerId,
} from '../model/index.ts'
import { attemptToken } from './attempt-token.ts'
import type { HostedShard } from './lane-records.ts'

/** What a worker needs to run a granted attempt; `undefined` if the attempt is no longer the worker's. */
export function assignmentOf(
  serviceKey: string,
  { host, model }: HostedShard,
  grant: GrantRef,
  worker: WorkerId,
): Assignment | undefined {
  const record = host.stored
  if (record === undefined) return undefined
  const index = grant.job - record.firstJob
  const lease = record.leases[index]
  if (lease === undefined || lease.attempt !== grant.attempt || lease.worker !== worker) return undefined
  const job = plannedJob(model.plan, index)
  const template = templateOf(model.plan, index)
  return {
    ...grant,
    lane: record.lane,
    token: attemptToken(serviceKey, { ...grant, worker }),
    name: job.name,
    root: record.root,
    template,
    detail: job.detail,
    memoryBytes: memoryBytesOf(template, record.losses[index]),
  }
}

/**
 * The end of this attempt is recorded. Never becomes untrue, so memory may answer it: a record from before the attempt
 * has no lease of it either, but has not counted it yet.
 */
export function isRecorded({ host }: HostedShard, ref: AttemptRef): boolean {
  const record = host.stored
  if (record === undefined) return host.isLoaded
  const index = ref.job - record.firstJob
  return attemptsUsed(record, index) >= ref.attempt && record.leases[index]?.attempt !== ref.attempt
}

const attemptsUsed = (record: ShardRecord, index: number): number =>
  Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16)
