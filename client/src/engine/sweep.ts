import { needsSweep, overdueEffects } from '../kernel/index.ts'
import type { BatchRecord, ShardRecord } from '../model/index.ts'
import { checkBudget, costOfShard, type ShardCost } from './check-budget.ts'
import { commitBatchEvent } from './commit-record.ts'
import type { FleetServices } from './fleet-services.ts'
import { hiddenMachines } from './hidden-machines.ts'
import { findSilent, takeBack } from './lost-workers.ts'
import { removeOrphans } from './orphaned-machines.ts'
import { type Outgoing, publishAll, toBatch, toShard } from './outgoing.ts'
import { paths } from './paths.ts'
import type { Task } from './ports.ts'
import { readLiveWorkers } from './read-live-workers.ts'
import { decodeBatch, decodeShard } from './records.ts'
import { sweepBodySchema, sweepPeriodMs, sweepTask } from './task-names.ts'

const batchesPerPage = 1_000
const shardsPerPage = 200
/** However often a shard has been swept in its life, missing edges are asked for again within the hour. */
const maxDoublings = 2

/**
 * The net under everything: silent workers, orders that were lost, edges that never came. It reads what stands in the
 * store, acts only on what has stood unchanged for a whole period, and so is silent in peace.
 */
export async function sweep(services: FleetServices, task: Task): Promise<void> {
  const { window } = sweepBodySchema.parse(task.body)
  const now = services.clock.now()
  const live = await readLiveBatches(services)
  for (const batch of live.filter((one) => isAbandoned(one, now))) await discard(services, batch)
  const batches = live.filter(needsSweep)
  const workers = await readLiveWorkers(services.store)
  const listed = await services.fleet.list()
  const machines = [...listed, ...hiddenMachines(services.fleet, workers, listed)]
  if (batches.length === 0 && workers.length === 0 && machines.length === 0) return
  // The successor first: a sweep that dies half-way must not be the last one.
  await services.tasks.enqueue(sweepTask(now))
  const isLate = now - window * sweepPeriodMs > 2 * sweepPeriodMs
  const on = machines.filter(({ state }) => state !== 'off').map(({ name }) => name)
  await sweepWorkers(services, workers, new Set(on), isLate)
  await removeOrphans(services, workers, machines)
  for (const batch of batches) await sweepBatch(services, batch, now)
}

/** After an outage every worker looks silent; a late sweep declares nobody lost. */
async function sweepWorkers(
  services: FleetServices,
  workers: Awaited<ReturnType<typeof readLiveWorkers>>,
  machines: ReadonlySet<string>,
  isLate: boolean,
): Promise<void> {
  if (!isLate) await findSilent(services, workers, machines)
  for (const worker of workers)
    if (worker.state === 'lost' || worker.state === 'leaving') await takeBack(services, worker, 'infrastructure')
}

async function sweepBatch(services: FleetServices, batch: BatchRecord, now: number): Promise<void> {
  const outgoing: Outgoing[] = []
  const costs: ShardCost[] = []
  for await (const record of shardsOf(services, batch)) {
    costs.push(costOfShard(batch, record, now))
    const stoodMs = now - record.lastAt
    const seen = {
      version: record.version,
      stoodMs: stoodMs >= sweepPeriodMs ? stoodMs : 0,
      asked: Math.min(record.sweeps, maxDoublings),
    }
    const events = overdueEffects(batch, record, seen)
    if (events.length > 0) outgoing.push(toShard(batch.id, record.shard, batch.lanes, events))
  }
  // The batch record is asked too where its shards are behind it, or it waits for its own effects.
  const isStale = now - batch.lastAt >= sweepPeriodMs && (outgoing.length > 0 || batch.endedAt !== undefined)
  if (isStale) outgoing.push(toBatch(batch.id, batch.lanes, [{ type: 'poked', resend: true }]))
  if (outgoing.length > 0) services.log.info({ batch: batch.id, records: outgoing.length }, 'swept')
  const budget = checkBudget(batch, costs, services.limits.dollarsPerBatch, now)
  await publishAll(services.bus, [...outgoing, ...budget.outgoing])
}

/** Nothing else of it can be seen, and what its client had begun to write would lie there for ever. */
const abandonedMs = 7 * 24 * 3_600_000

/** Begun, and never submitted: its client has died. */
const isAbandoned = (batch: BatchRecord, now: number): boolean =>
  !batch.isDeleting && !batch.updates.some((update) => update.isCommitted) && now - batch.createdAt > abandonedMs

async function discard(services: FleetServices, { id, lanes }: BatchRecord): Promise<void> {
  services.log.info({ batch: id }, 'deleted a batch that was never submitted')
  await commitBatchEvent(services, id, { type: 'deleteRequested' })
  await publishAll(services.bus, [toBatch(id, lanes, [{ type: 'poked', resend: false }])])
}

/** However many there are: those that were begun and never submitted must hide none. */
async function readLiveBatches({ store }: FleetServices): Promise<BatchRecord[]> {
  const live: BatchRecord[] = []
  let after: string | undefined
  for (;;) {
    const found = await store.query({ kind: 'liveBatches', after, limit: batchesPerPage })
    live.push(...found.map(({ document }) => decodeBatch(document)))
    after = found.at(-1)?.path
    if (found.length < batchesPerPage || after === undefined) return live
  }
}

async function* shardsOf(services: FleetServices, batch: BatchRecord): AsyncGenerator<ShardRecord> {
  let after: string | undefined
  for (;;) {
    const path = paths.shardsOf(batch.id)
    const found = await services.store.query({ kind: 'collection', path, after, limit: shardsPerPage })
    for (const document of found) yield decodeShard(document.document)
    after = found.at(-1)?.path
    if (found.length < shardsPerPage || after === undefined) return
  }
}
