import { type BatchSummary, commitBatchEvent, decodeBatch, publishAll, summariseBatch, toBatch } from 'graupel/engine'
import { type BatchEvent, type BatchRecord, isDeleted } from 'graupel/model'
import type { Hono } from 'hono'
import type { ApiServices } from './api-services.ts'
import { findBatch } from './find-batch.ts'
import { pageSize } from './page-size.ts'

export function addBatchRoutes(api: Hono, services: ApiServices): void {
  const { store } = services
  api.get('/batches', async (context) => {
    const limit = pageSize(context.req.query('limit'))
    const found = await store.query({ kind: 'newestBatches', limit })
    const records = found.map(({ document }) => decodeBatch(document)).filter((record) => !isDeleted(record))
    return context.json({ batches: await Promise.all(records.map((record) => describeBatch(services, record))) })
  })
  api.get('/batches/:batch', async (context) =>
    context.json(await describeBatch(services, await findBatch(store, context.req.param('batch')))),
  )
  api.patch('/batches/:batch/cancel', async (context) => {
    await changeBatch(services, context.req.param('batch'), { type: 'cancelRequested' })
    return context.json({})
  })
  api.delete('/batches/:batch', async (context) => {
    await changeBatch(services, context.req.param('batch'), { type: 'deleteRequested' })
    return context.json({})
  })
}

/** The event is durable when this resolves; its lane is told to carry out what follows. */
async function changeBatch(services: ApiServices, id: string, event: BatchEvent): Promise<void> {
  const { lanes, id: batch } = await findBatch(services.store, id)
  await commitBatchEvent(services, batch, event)
  await publishAll(services.bus, [toBatch(batch, lanes, [{ type: 'poked', resend: false }])])
}

async function describeBatch({ store, clock }: ApiServices, record: BatchRecord) {
  return toHail(record, await summariseBatch(store, record, clock.now()))
}

function toHail(record: BatchRecord, status: BatchSummary) {
  const { success, failed, error, cancelled } = status.counts
  return {
    id: status.id,
    user: record.user,
    state: status.state,
    complete: status.endedAt !== undefined,
    closed: status.state !== 'open',
    attributes: status.name === undefined ? status.attributes : { ...status.attributes, name: status.name },
    n_jobs: record.jobs,
    n_completed: success + failed + error + cancelled,
    n_succeeded: success,
    n_failed: failed + error,
    n_cancelled: cancelled,
    time_created: status.createdAt.toISOString(),
    time_completed: status.endedAt?.toISOString() ?? null,
    duration_ms: status.durationMs ?? null,
    cost: status.cost,
    reason: record.broken ?? record.reason ?? null,
  }
}
