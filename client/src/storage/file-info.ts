import type { BigIntStats } from 'node:fs'
import { createReadStream } from 'node:fs'
import { Crc32c } from './crc32c.ts'
import { isMissingFile } from './file-errors.ts'
import { type FileSteps, patiently } from './file-steps.ts'

/** `undefined` if there is no regular file at `path`. */
export async function statFile(path: string, steps: FileSteps = patiently): Promise<BigIntStats | undefined> {
  try {
    const stats = await steps.stat(path)
    return stats.isFile() ? stats : undefined
  } catch (error) {
    if (isMissingFile(error)) return undefined
    throw error
  }
}

/**
 * What tells one content of a path from the next: a replaced file has another inode, or at least another time. The time
 * of the inode's last change is left out, since every further hard link moves it.
 */
export function generationOf(stats: BigIntStats): string {
  return `${stats.ino}-${stats.mtimeNs}-${stats.size}`
}

export async function checksumOf(path: string): Promise<string> {
  const checksum = new Crc32c()
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) checksum.update(piece)
  return checksum.toBase64()
}
