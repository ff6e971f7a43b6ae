import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bucket, Storage } from '@google-cloud/storage'
import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import { onTestFinished } from 'vitest'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'

export interface ServedBucket {
  readonly folder: string
  readonly url: string
  readonly storage: Storage
  readonly bucket: Bucket
  /** Names of the files that hold bytes. */
  dataFiles(): Promise<string[]>
  /** A new server on the same folder, in place of this one. */
  restart(): Promise<ServedBucket>
}

/** A function that starts a server with one bucket, and a client of it; the server ends with the test. */
export function useServedBuckets(): () => Promise<ServedBucket> {
  const makeFolder = useTemporaryFolders()
  return async () => serve(await makeFolder())
}

async function serve(folder: string): Promise<ServedBucket> {
  const server = await startObjectServer({ folder, buckets: ['one'] })
  onTestFinished(() => server.close())
  const storage = new Storage({ apiEndpoint: server.url, projectId: 'test', retryOptions: { autoRetry: false } })
  return {
    folder,
    url: server.url,
    storage,
    bucket: storage.bucket('one'),
    dataFiles: () => readdir(join(folder, 'one/data')),
    restart: async () => {
      await server.close()
      return serve(folder)
    },
  }
}
