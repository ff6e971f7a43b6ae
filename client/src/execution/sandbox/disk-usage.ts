import { lstat, opendir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const blockBytes = 512

/** What a folder takes on its disk, with all that is in it; links are not followed, and what vanishes does not count. */
export async function diskUsageOf(folder: string): Promise<number> {
  let bytes = 0
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name)
      bytes += entry.isDirectory() ? await diskUsageOf(path) : await sizeOf(path)
    }
  } catch {
    // It was removed, or is not to be read: what was seen counts.
  }
  return bytes
}

const sizeOf = (path: string): Promise<number> =>
  lstat(path).then(
    ({ blocks }) => blocks * blockBytes,
    () => 0,
  )

const mostReserveBytes = 2 ** 30
const reservePart = 1 / 50

/** Whether so little is left on the disk of a folder that whoever writes next may fail. */
export async function isAlmostFull(folder: string): Promise<boolean> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return bavail * bsize < Math.min(mostReserveBytes, blocks * bsize * reservePart)
}
