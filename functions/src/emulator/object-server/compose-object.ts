import { open } from 'node:fs/promises'
import { combineCrc32c } from 'graupel/storage'
import { z } from 'zod'
import type { Bucket } from './bucket.ts'
import { bucketOf, type Exchange, parameterOf, readJson, sendObject } from './exchange.ts'
import { invalidRequest } from './google-error.ts'
import { check, preconditionsOf } from './preconditions.ts'
import { objectFieldsSchema, type StoredBytes, type StoredObject } from './stored-object.ts'

/** https://cloud.google.com/storage/docs/composite-objects (2026-11) */
const MAXIMAL_SOURCES = 32

const generationSchema = z.coerce.number().int().optional()

const composeSchema = z.object({
  sourceObjects: z.array(
    z.object({
      name: z.string(),
      generation: generationSchema,
      objectPreconditions: z.object({ ifGenerationMatch: generationSchema }).optional(),
    }),
  ),
  destination: objectFieldsSchema.optional(),
})
type Source = z.infer<typeof composeSchema>['sourceObjects'][number]

/** `POST …/o/{object}/compose`: one object from several, one after the other. */
export async function composeObject(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange)
  const { sourceObjects, destination = {} } = await readJson(exchange.request, composeSchema)
  if (sourceObjects.length === 0 || sourceObjects.length > MAXIMAL_SOURCES) {
    throw invalidRequest(
      `The number of source components provided (${sourceObjects.length}) is not 1 to ${MAXIMAL_SOURCES}.`,
    )
  }
  const data = bucket.newData()
  const parts = await concatenate(bucket, sourceObjects, bucket.pathOf(data)).catch(async (error) => {
    await bucket.discard(data)
    throw error
  })
  const composed: StoredBytes = {
    data,
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    crc32c: combineCrc32c(parts),
    componentCount: parts.reduce((sum, { componentCount = 1 }) => sum + componentCount, 0),
  }
  const name = parameterOf(exchange, 'object')
  sendObject(exchange, bucket, await bucket.create(name, composed, destination, preconditionsOf(exchange.query)))
}

/** The checksum of the whole follows from those of the sources, so that their bytes are only moved. */
async function concatenate(bucket: Bucket, sources: readonly Source[], path: string): Promise<StoredObject[]> {
  const parts: StoredObject[] = []
  await using target = await open(path, 'w')
  for (const { name, generation, objectPreconditions } of sources) {
    const { object, file } = await bucket.openObject(name, generation)
    try {
      check(object, { generation: objectPreconditions?.ifGenerationMatch }, 'write')
      for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }))
        await target.appendFile(piece)
      parts.push(object)
    } finally {
      await file.close()
    }
  }
  return parts
}
