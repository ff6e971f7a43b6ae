import { z } from 'zod'
import { bucketOf, type Exchange, parameterOf, readJson, sendObject } from './exchange.ts'
import { integerOf, preconditionsOf } from './preconditions.ts'
import { objectFieldsSchema } from './stored-object.ts'

const text = z.string().nullish()

/** Fields that are `null` are removed, those not named stay. */
const patchSchema = z.object({
  contentType: text,
  contentEncoding: text,
  contentDisposition: text,
  contentLanguage: text,
  cacheControl: text,
  customTime: text,
  storageClass: text,
  metadata: z.record(z.string(), z.string().nullable()).nullish(),
})

export async function patchObject(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange)
  const name = parameterOf(exchange, 'object')
  const { metadata, ...changes } = await readJson(exchange.request, patchSchema)
  const { fields } = bucket.get(name)
  const merged = { ...fields, ...changes, metadata: metadata === null ? null : { ...fields.metadata, ...metadata } }
  const kept = objectFieldsSchema.parse({ ...withoutNull(merged), metadata: withoutNull(merged.metadata ?? {}) })
  sendObject(exchange, bucket, await bucket.update(name, kept, preconditionsOf(exchange.query), generationOf(exchange)))
}

/** Fields that are not named are removed. */
export async function replaceObjectFields(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange)
  const fields = await readJson(exchange.request, objectFieldsSchema)
  const name = parameterOf(exchange, 'object')
  sendObject(
    exchange,
    bucket,
    await bucket.update(name, fields, preconditionsOf(exchange.query), generationOf(exchange)),
  )
}

export async function deleteObject(exchange: Exchange): Promise<void> {
  const name = parameterOf(exchange, 'object')
  await bucketOf(exchange).delete(name, preconditionsOf(exchange.query), generationOf(exchange))
  exchange.response.writeHead(204).end()
}

function generationOf({ query }: Exchange): number | undefined {
  return integerOf(query, 'generation')
}

function withoutNull(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}
