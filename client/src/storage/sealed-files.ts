import type { BigIntStats } from 'node:fs'
import { chmod, link, rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isExistingFile, isUnlinkable } from './file-errors.ts'

/** Takes the right to write away, so that no reader of a link changes what others read. */
export async function seal(path: string, stats: BigIntStats): Promise<void> {
  const mode = Number(stats.mode) & 0o777
  if ((mode & 0o222) !== 0) await chmod(path, mode & ~0o222)
}

/** A user's file that was copied from a sealed one is their own again. */
export async function unseal(path: string, stats: BigIntStats): Promise<void> {
  const mode = Number(stats.mode) & 0o777
  if ((mode & 0o200) === 0) await chmod(path, mode | 0o200)
}

/** False if the file system cannot. */
export async function linkOver(source: string, path: string): Promise<boolean> {
  try {
    await link(source, path).catch(async (error: unknown) => {
      if (!isExistingFile(error)) throw error
      await rm(path)
      await link(source, path)
    })
    return true
  } catch (error) {
    if (isUnlinkable(error)) return false
    throw error
  }
}

export async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  try {
    for (let path = folder; path.length > root.length && path.startsWith(root); path = dirname(path)) await rmdir(path)
  } catch {
    // Not empty, or gone already: either way there is nothing more to tidy.
  }
}
