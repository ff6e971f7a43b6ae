import { z } from 'zod'
import { BodyFile, receiveBody } from './body-file.ts'
import type { Bucket } from './bucket.ts'
import { bucketOf, type Exchange, parameterOf, readJson, sendObject } from './exchange.ts'
import { invalidRequest } from './google-error.ts'
import { check, preconditionsOf } from './preconditions.ts'
import { objectFieldsSchema } from './stored-object.ts'

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
  const components: number[] = []
  const bytes = await receiveBody(
    new BodyFile(data, bucket.pathOf(data)),
    concatenate(bucket, sourceObjects, components),
  )
  const componentCount = components.reduce((sum, count) => sum + count, 0)
  const name = parameterOf(exchange, 'object')
  const composed = { ...bytes, md5Hash: undefined, componentCount }
  sendObject(exchange, bucket, await bucket.create(name, composed, destination, preconditionsOf(exchange.query)))
}

async function* concatenate(bucket: Bucket, sources: Source[], components: number[]): AsyncIterable<Uint8Array> {
  for (const { name, generation, objectPreconditions } of sources) {
    const { object, file } = await bucket.openObject(name, generation)
    try {
      check(object, { generation: objectPreconditions?.ifGenerationMatch }, 'write')
      components.push(object.componentCount ?? 1)
      yield* file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })
    } finally {
      await file.close()
    }
  }
}
