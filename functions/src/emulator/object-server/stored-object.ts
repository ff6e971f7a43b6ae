import { z } from 'zod'

/** What a client may set. Everything else it sends is ignored, as Cloud Storage does. */
export const objectFieldsSchema = z.object({
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentLanguage: z.string().optional(),
  cacheControl: z.string().optional(),
  customTime: z.string().optional(),
  storageClass: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
})
export type ObjectFields = z.infer<typeof objectFieldsSchema>

/** Fields that come with an upload, and what the client says about its bytes. */
export const uploadFieldsSchema = objectFieldsSchema.extend({
  name: z.string().optional(),
  crc32c: z.string().optional(),
  md5Hash: z.string().optional(),
})
export type UploadFields = z.infer<typeof uploadFieldsSchema>

/** One object as the journal keeps it. */
export const storedObjectSchema = z.object({
  name: z.string(),
  /** Microseconds, always more than any before it in the bucket. */
  generation: z.number().int(),
  metageneration: z.number().int(),
  sizeBytes: z.number().int(),
  crc32c: z.string(),
  /** Composed objects have none. */
  md5Hash: z.string().optional(),
  componentCount: z.number().int().optional(),
  /** Name of the file with the bytes, which is never changed. */
  data: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  fields: objectFieldsSchema,
})
export type StoredObject = z.infer<typeof storedObjectSchema>

/** The bytes of an object to be, already on disk. */
export type StoredBytes = Pick<StoredObject, 'data' | 'sizeBytes' | 'crc32c' | 'md5Hash' | 'componentCount'>
