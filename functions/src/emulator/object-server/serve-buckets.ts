import { z } from 'zod'
import { bucketSettingsSchema } from './bucket-settings.ts'
import { bucketOf, type Exchange, parameterOf, readJson, sendJson } from './exchange.ts'
import { bucketResource } from './object-resource.ts'

export async function getBucket(exchange: Exchange): Promise<void> {
  sendJson(exchange, bucketResource(exchange.origin, bucketOf(exchange)))
}

export async function insertBucket(exchange: Exchange): Promise<void> {
  const { name, ...settings } = await readJson(exchange.request, bucketSettingsSchema.extend({ name: z.string() }))
  const bucket = await exchange.buckets.create(name)
  await bucket.configure(settings)
  sendJson(exchange, bucketResource(exchange.origin, bucket))
}

export async function patchBucket(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange)
  await bucket.configure(await readJson(exchange.request, bucketSettingsSchema))
  sendJson(exchange, bucketResource(exchange.origin, bucket))
}

/** All in one page. */
export async function listBuckets(exchange: Exchange): Promise<void> {
  const prefix = exchange.query.get('prefix') ?? ''
  const buckets = exchange.buckets.all().filter(({ name }) => name.startsWith(prefix))
  sendJson(exchange, {
    kind: 'storage#buckets',
    items: buckets.map((bucket) => bucketResource(exchange.origin, bucket)),
  })
}

export async function deleteBucket(exchange: Exchange): Promise<void> {
  await exchange.buckets.delete(parameterOf(exchange, 'bucket'))
  exchange.response.writeHead(204).end()
}
