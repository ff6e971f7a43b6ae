import { statfs } from 'node:fs/promises'
import type { WorkerConfig } from './config.ts'

/** How the disk is shared between jobs and the cache of their inputs. */
export interface DiskShares {
  readonly storageBytes: number
  readonly cacheBytes: number
}

const cacheShare = 0.1

export async function shareDisk({ cacheBytes, scratch, storageBytes }: WorkerConfig): Promise<DiskShares> {
  const { bavail, bsize } = await statfs(scratch)
  const freeBytes = bavail * bsize
  const forCache = cacheBytes ?? Math.floor(freeBytes * cacheShare)
  return { cacheBytes: forCache, storageBytes: storageBytes ?? Math.max(0, freeBytes - forCache) }
}
