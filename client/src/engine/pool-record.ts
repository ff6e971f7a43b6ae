import { z } from 'zod'
import { type PoolId, poolIdSchema } from '../model/index.ts'
import { breakerSchema } from './breakers.ts'
import { paths } from './paths.ts'
import { ConflictError, type Document, type Store, type Write } from './ports.ts'
import type { Stored } from './records.ts'
import { shrinkReservation, stemOf } from './reservations.ts'

/** A launch that has been decided: committed before the call, so that a retry repeats it and no second tick adds to it. */
const intentSchema = z.object({
  window: z.number().int(),
  requestId: z.string(),
  region: z.string(),
  isSpot: z.boolean(),
  /** Alternatives, the best first. */
  machineTypes: z.array(z.string()),
  /** Of its offers. Absent: 0, the best. */
  tier: z.number().int().optional(),
  names: z.array(z.string()),
  at: z.number(),
  /** What the cloud calls it, while it is under way there. */
  operation: z.string().optional(),
})
export type LaunchIntent = z.infer<typeof intentSchema>

/** Why ready work has no machine yet. `boot`: one is about to come. */
const waitingSchema = z.object({
  cause: z.enum(['boot', 'stockout', 'quota', 'rate', 'limit']),
  /** Continues `it waits for …`. */
  message: z.string(),
  since: z.number(),
})
export type Waiting = z.infer<typeof waitingSchema>

export const poolRecordSchema = z.object({
  version: z.number().int(),
  pool: poolIdSchema,
  /** Launches of the last minutes; older ones are seen in the fleet's own list. */
  intents: z.array(intentSchema),
  /** Where nothing is asked for at present, because there was none. */
  breakers: z.array(breakerSchema).default([]),
  /** Absent while there is no ready work, or enough machines. */
  waiting: waitingSchema.optional(),
  /** Batches for which no more machines are made, and why, by their ids. */
  held: z.record(z.string(), waitingSchema).optional(),
  /** Since when Spot machines are refused and none comes. */
  spotRefusedSince: z.number().optional(),
  /** Ticks in a row that found nothing to do: the next one comes later. */
  quietTicks: z.number().int(),
  /** When a tick looked last, and how many machines the pool had: a large fleet is looked at less often. */
  lookedAt: z.number().optional(),
  machines: z.number().int().optional(),
})
export type PoolRecord = z.infer<typeof poolRecordSchema>

export const decodePool = (document: Document): PoolRecord => poolRecordSchema.parse(document)

export async function readPool(store: Store, pool: PoolId): Promise<Stored<PoolRecord> | undefined> {
  const [found] = await store.read([paths.pool(pool)])
  return found === undefined ? undefined : { record: decodePool(found.document), revision: found.revision }
}

export function poolWrite(record: PoolRecord, before: Stored<PoolRecord> | undefined): Write {
  const { lookedAt } = record
  const document: Document = {
    ...JSON.parse(JSON.stringify({ ...record, version: record.version + 1 })),
    ...(lookedAt !== undefined && { expireAt: new Date(lookedAt + unusedForMs) }),
  }
  return { kind: 'set', path: paths.pool(record.pool), document, expect: before?.revision ?? 'absent' }
}

/** Each size of job makes a pool: one that no job has asked for goes after so long. Its next tick makes it anew. */
const unusedForMs = 30 * 24 * 3_600_000

const maxPools = 1_000
const maxTries = 5

/**
 * Changes a pool's record whatever else happens to it meanwhile; `undefined`: no change.
 * @throws ConflictError if others are faster again and again
 */
export async function changePool(
  store: Store,
  pool: PoolId,
  change: (record: PoolRecord) => PoolRecord | undefined,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await readPool(store, pool)
    const after = change(before?.record ?? newPool(pool))
    if (after === undefined) return
    try {
      await store.commit([poolWrite(after, before)])
      return
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= maxTries) throw error
    }
  }
}

/** A machine that ended before anyone saw it is not about to come: it no longer counts as booting, nor takes room. */
export async function awaitNoLonger(store: Store, machine: string): Promise<void> {
  let wasAwaited = false
  for (const found of await store.query({ kind: 'collection', path: paths.pools, limit: maxPools })) {
    await changePool(store, decodePool(found.document).pool, (record) => {
      if (!record.intents.some(({ names }) => names.includes(machine))) return undefined
      wasAwaited = true
      const intents = record.intents.map((one) => ({ ...one, names: one.names.filter((name) => name !== machine) }))
      return { ...record, intents }
    })
  }
  if (wasAwaited) await shrinkReservation(store, stemOf(machine), (machines) => machines - 1)
}

export const newPool = (pool: PoolId): PoolRecord => ({ version: 0, pool, intents: [], breakers: [], quietTicks: 0 })
