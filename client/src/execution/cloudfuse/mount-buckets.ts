import { execFile } from 'node:child_process'
import { mkdir, readdir, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Assignment } from '../../model/index.ts'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'
import type { BucketMount } from './mount-plan.ts'

const run = promisify(execFile)

/** gcsfuse comes back when the bucket is there, or cannot be. */
const mountTimeoutMs = 60_000

/**
 * Mounts all, or none.
 * @throws AttemptFault with cause `image` if this machine has no gcsfuse, `staging` if a bucket cannot be mounted
 */
export async function mountBuckets(mounts: readonly BucketMount[], assignment: Assignment): Promise<void> {
  try {
    for (const mount of mounts) await mountBucket(mount, assignment)
  } catch (error) {
    await unmountBuckets(mounts)
    throw error
  }
}

/** Folders are removed only if they are empty: one that is still mounted is a bucket. */
export async function unmountBuckets(mounts: readonly BucketMount[]): Promise<void> {
  for (const { place, unmount } of mounts) {
    await execute(unmount).catch(() => undefined)
    await rmdir(place).catch(() => undefined)
    await rmdir(dirname(place)).catch(() => undefined)
  }
}

/** What an agent that died has left mounted. */
export async function unmountLeftovers(mountsFolder: string): Promise<void> {
  for (const attempt of await namesIn(mountsFolder)) {
    const folder = join(mountsFolder, attempt)
    for (const name of await namesIn(folder)) {
      const place = join(folder, name)
      await execute(['fusermount', '-u', '-z', place]).catch(() => undefined)
      await rmdir(place).catch(() => undefined)
    }
    await rmdir(folder).catch(() => undefined)
  }
  await rmdir(mountsFolder).catch(() => undefined)
}

async function mountBucket({ bucket, mount, mountPoint, place }: BucketMount, assignment: Assignment): Promise<void> {
  await mkdir(place, { recursive: true })
  try {
    await execute(mount)
  } catch (error) {
    const label = `Job '${assignment.name ?? assignment.job}' mounts the bucket '${bucket}' at '${mountPoint}'`
    if (Object(error).code === 'ENOENT')
      throw new AttemptFault('image', `${label}, and this worker has no gcsfuse; read the files as inputs.`)
    const said = String(Object(error).stderr ?? '').trim() || messageOf(error)
    throw new AttemptFault('staging', `${label}, which failed: ${said.slice(-1000)}`, { cause: error })
  }
}

async function execute([program, ...args]: readonly [string, ...string[]]): Promise<void> {
  await run(program, args, { timeout: mountTimeoutMs })
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
