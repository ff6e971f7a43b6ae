import { z } from 'zod'
import { type PoolId, poolIdSchema } from '../model/index.ts'
import { paths } from './paths.ts'
import { ConflictError, type Document, type Store } from './ports.ts'
import type { Stored } from './records.ts'

/** A launch that has been decided: committed before the call, so that a retry repeats it and no second tick adds to it. */
const intentSchema = z.object({
  window: z.number().int(),
  requestId: z.string(),
  region: z.string(),
  names: z.array(z.string()),
  at: z.number(),
})
export type LaunchIntent = z.infer<typeof intentSchema>

const poolRecordSchema = z.object({
  version: z.number().int(),
  pool: poolIdSchema,
  /** Launches of the last minutes; older ones are seen in the fleet's own list. */
  intents: z.array(intentSchema),
  /** Why the last launch was refused, in the cloud's words; absent while all goes well. */
  refusal: z.string().optional(),
  /** Ticks in a row that found nothing to do: the next one comes later. */
  quietTicks: z.number().int(),
})
export type PoolRecord = z.infer<typeof poolRecordSchema>

export async function readPool(store: Store, pool: PoolId): Promise<Stored<PoolRecord> | undefined> {
  const [found] = await store.read([paths.pool(pool)])
  return found === undefined ? undefined : { record: poolRecordSchema.parse(found.document), revision: found.revision }
}

/** @throws ConflictError if another tick was faster */
export async function commitPool(
  store: Store,
  record: PoolRecord,
  before: Stored<PoolRecord> | undefined,
): Promise<void> {
  const document: Document = JSON.parse(JSON.stringify({ ...record, version: record.version + 1 }))
  const expect = before?.revision ?? 'absent'
  await store.commit([{ kind: 'set', path: paths.pool(record.pool), document, expect }])
}

const maxPools = 1_000
const maxTries = 5

/** A machine that ended before anyone saw it is not about to come: it no longer counts as booting. */
export async function awaitNoLonger(store: Store, machine: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      for (const found of await store.query({ kind: 'collection', path: paths.pools, limit: maxPools })) {
        const record = poolRecordSchema.parse(found.document)
        if (!record.intents.some(({ names }) => names.includes(machine))) continue
        const intents = record.intents.map((one) => ({ ...one, names: one.names.filter((name) => name !== machine) }))
        await commitPool(store, { ...record, intents }, { record, revision: found.revision })
      }
      return
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= maxTries) throw error
    }
  }
}

export const newPool = (pool: PoolId): PoolRecord => ({ version: 0, pool, intents: [], quietTicks: 0 })
