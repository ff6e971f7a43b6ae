import { z } from 'zod'
import { bucketOf, type Exchange, parameterOf, readJson, sendJson } from './exchange.ts'
import { bucketResource } from './object-resource.ts'

export async function getBucket(exchange: Exchange): Promise<void> {
  sendJson(exchange, bucketResource(exchange.origin, bucketOf(exchange)))
}

export async function insertBucket(exchange: Exchange): Promise<void> {
  const { name } = await readJson(exchange.request, z.object({ name: z.string() }))
  sendJson(exchange, bucketResource(exchange.origin, await exchange.buckets.create(name)))
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
