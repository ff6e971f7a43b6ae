import { createHash } from 'node:crypto'
import {
  batchWrite,
  type Clock,
  chunkWrite,
  commitBatchEvent,
  type EventBus,
  publishAll,
  type Store,
  shardWrite,
  toBatch,
} from 'graupel/engine'
import { newBatchRecord, newShardRecord } from 'graupel/kernel'
import {
  type BatchId,
  batchId,
  defaultRetryPolicy,
  type JobTemplate,
  laneCountFor,
  type RetryPolicy,
} from 'graupel/model'
import type { BatchSpec, JobSpec } from '../../client/src/compile/batch-spec.ts'
import { compile } from '../../client/src/compile/compile.ts'

export interface JobWish {
  readonly parents?: readonly number[]
  readonly alwaysRun?: boolean
  readonly retry?: Partial<RetryPolicy>
  readonly outputs?: JobSpec['detail']['outputs']
  readonly maxAttempts?: number
}

export const template = (wish: JobWish): JobTemplate => ({
  env: {},
  cpuMillis: 1000,
  memoryBytes: 2 ** 30,
  storageBytes: 0,
  alwaysRun: wish.alwaysRun ?? false,
  alwaysCopyOutput: false,
  spot: true,
  retry: { ...defaultRetryPolicy, ...wish.retry },
  ...(wish.maxAttempts !== undefined && { maxAttempts: wish.maxAttempts }),
})

export const specOf = (wishes: readonly JobWish[], cancelAfterNFailures?: number): BatchSpec => ({
  name: 'fixture',
  attributes: {},
  cancelAfterNFailures,
  jobs: wishes.map((wish, index) => ({
    name: `job-${index}`,
    attributes: undefined,
    template: template(wish),
    detail: {
      task: { kind: 'bash', shell: '/bin/bash', script: [`echo ${index}`] },
      directory: `job-${index}`,
      inputs: [],
      links: [],
      outputs: wish.outputs ? [...wish.outputs] : [],
    },
    parents: [...(wish.parents ?? [])],
    earlierParents: [],
  })),
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Writes a compiled batch as a client does, flips it, and pokes its lane unless told not to. */
export async function submitFixture(
  services: { store: Store; bus: EventBus; clock: Clock },
  spec: BatchSpec,
  options: { id?: string; deployedLanes?: number; root?: string; isPoked?: boolean } = {},
): Promise<BatchId> {
  const id = batchId(options.id ?? 'fixture00batch')
  const compiled = compile(spec, { hash: sha256 })
  const deployed = options.deployedLanes ?? 1
  const lanes = { count: Math.max(laneCountFor(compiled.chunks.length, deployed), 1), deployed }
  const root = options.root ?? `memory:///${id}`
  const at = services.clock.now()
  const { planHash } = compiled
  const record = newBatchRecord(
    {
      id,
      name: spec.name,
      user: 'fixture',
      attributes: {},
      root,
      lanes,
      cancelAfterNFailures: spec.cancelAfterNFailures,
      callback: undefined,
      deleteScratch: false,
      scratch: 'kept',
      createdAt: at,
    },
    { token: 'first', jobs: compiled.jobs, shards: compiled.chunks.length, planHash },
  )
  await services.store.commit([batchWrite(record, 'absent')])
  for (const chunk of compiled.chunks) {
    const ofShard = { batch: id, user: 'fixture', root, lanes, planHash, projection: 'all' as const }
    await services.store.commit([
      chunkWrite(id, planHash, chunk),
      shardWrite(newShardRecord(ofShard, chunk, at), 'absent'),
    ])
  }
  await commitBatchEvent(services, id, { type: 'updateCommitted', token: 'first' })
  if (options.isPoked !== false)
    await publishAll(services.bus, [toBatch(id, lanes, [{ type: 'poked', resend: false }])])
  return id
}
