import type { Bucket } from './bucket.ts'
import type { StoredObject } from './stored-object.ts'

/** An object as the JSON API shows it: 64-bit numbers are texts. */
export function objectResource(origin: string, bucket: Bucket, object: StoredObject): object {
  const { contentType = 'application/octet-stream', storageClass = 'STANDARD', ...fields } = object.fields
  const path = `b/${bucket.name}/o/${encodeURIComponent(object.name)}`
  return {
    kind: 'storage#object',
    id: `${bucket.name}/${object.name}/${object.generation}`,
    selfLink: `${origin}/storage/v1/${path}`,
    mediaLink: `${origin}/download/storage/v1/${path}?generation=${object.generation}&alt=media`,
    name: object.name,
    bucket: bucket.name,
    generation: String(object.generation),
    metageneration: String(object.metageneration),
    size: String(object.sizeBytes),
    crc32c: object.crc32c,
    md5Hash: object.md5Hash,
    componentCount: object.componentCount,
    etag: etagOf(object),
    timeCreated: object.createdAt,
    updated: object.updatedAt,
    timeStorageClassUpdated: object.createdAt,
    contentType,
    storageClass,
    ...fields,
  }
}

export function etagOf(object: StoredObject): string {
  return Buffer.from(`${object.generation}/${object.metageneration}`).toString('base64url')
}

export function bucketResource(origin: string, bucket: Bucket): object {
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `${origin}/storage/v1/b/${bucket.name}`,
    name: bucket.name,
    metageneration: '1',
    location: 'US',
    locationType: 'multi-region',
    storageClass: 'STANDARD',
    timeCreated: bucket.createdAt,
    updated: bucket.createdAt,
    ...(bucket.requesterPays && { billing: { requesterPays: true } }),
    etag: 'CAE=',
  }
}
