import { copyFile, link } from 'node:fs/promises'
import type { Bucket } from './bucket.ts'
import { bucketOf, type Exchange, parameterOf, readJson, sendJson, sendObject } from './exchange.ts'
import { objectResource } from './object-resource.ts'
import { check, integerOf, preconditionsOf } from './preconditions.ts'
import { objectFieldsSchema, type StoredObject } from './stored-object.ts'

/** `POST …/rewriteTo/…`, in one step whatever the size. */
export async function rewriteObject(exchange: Exchange): Promise<void> {
  const { bucket, object } = await copy(exchange)
  sendJson(exchange, {
    kind: 'storage#rewriteResponse',
    totalBytesRewritten: String(object.sizeBytes),
    objectSize: String(object.sizeBytes),
    done: true,
    resource: objectResource(exchange.origin, bucket, object),
  })
}

/** `POST …/copyTo/…` */
export async function copyObject(exchange: Exchange): Promise<void> {
  const { bucket, object } = await copy(exchange)
  sendObject(exchange, bucket, object)
}

async function copy(exchange: Exchange): Promise<{ bucket: Bucket; object: StoredObject }> {
  const { query } = exchange
  const from = bucketOf(exchange)
  const bucket = bucketOf(exchange, 'targetBucket')
  const given = await readJson(exchange.request, objectFieldsSchema)
  const source = await shareBytes(from, bucket, exchange)
  const fields = Object.keys(given).length > 0 ? given : source.fields
  const { data, sizeBytes, crc32c, md5Hash, componentCount } = source
  const bytes = { data, sizeBytes, crc32c, md5Hash, componentCount }
  const object = await bucket.create(parameterOf(exchange, 'target'), bytes, fields, preconditionsOf(query))
  return { bucket, object }
}

/** The source, with a second name for its bytes: files of bytes never change. */
async function shareBytes(from: Bucket, to: Bucket, exchange: Exchange): Promise<StoredObject> {
  const name = parameterOf(exchange, 'object')
  for (;;) {
    const source = from.get(name, integerOf(exchange.query, 'sourceGeneration'))
    check(source, preconditionsOf(exchange.query, 'ifSource'), 'write')
    const data = to.newData()
    try {
      const paths = [from.pathOf(source.data), to.pathOf(data)] as const
      await link(...paths).catch(() => copyFile(...paths))
      return { ...source, data }
    } catch (error) {
      if (from.find(name)?.data === source.data) throw error
    }
  }
}
