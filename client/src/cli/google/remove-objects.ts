import { z } from 'zod'
import type { GoogleApi } from './google-api.ts'
import { listAll } from './list-all.ts'

const version = z.looseObject({ name: z.string(), generation: z.string() })

export const objectPath = (bucket: string, name: string): string =>
  `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`

/** Deletes every version of every object that is meant; how many there were. @throws ServiceError with 404 if there is no such bucket */
export async function removeObjects(
  api: GoogleApi,
  bucket: string,
  isMeant: (name: string) => boolean = () => true,
): Promise<number> {
  const path = `/storage/v1/b/${bucket}/o`
  const all = await listAll(api, version, 'items', { service: 'storage', path, query: { versions: 'true' } })
  const meant = all.filter(({ name }) => isMeant(name))
  for (const { name, generation } of meant) {
    const query = { generation }
    await api.call(z.unknown(), { service: 'storage', method: 'DELETE', path: objectPath(bucket, name), query })
  }
  return meant.length
}
