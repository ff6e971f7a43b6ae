import type { BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { isExistingFile, isUnlinkable } from './file-errors.ts'
import type { FileSteps } from './file-steps.ts'

/** Takes the right to write away, so that no reader of a link changes what others read. */
export async function seal(path: string, stats: BigIntStats, steps: FileSteps): Promise<void> {
  const mode = Number(stats.mode) & 0o777
  if ((mode & 0o222) !== 0) await steps.chmod(path, mode & ~0o222)
}

/** A user's file that was copied from a sealed one is their own again. */
export async function unseal(path: string, stats: BigIntStats, steps: FileSteps): Promise<void> {
  const mode = Number(stats.mode) & 0o777
  if ((mode & 0o200) === 0) await steps.chmod(path, mode | 0o200)
}

/** False if the file system cannot. */
export async function linkOver(source: string, path: string, steps: FileSteps): Promise<boolean> {
  try {
    await steps.link(source, path).catch(async (error: unknown) => {
      if (!isExistingFile(error)) throw error
      await steps.unlink(path)
      await steps.link(source, path)
    })
    return true
  } catch (error) {
    if (isUnlinkable(error)) return false
    throw error
  }
}

export async function removeEmptyFolders(folder: string, root: string, steps: FileSteps): Promise<void> {
  try {
    for (let path = folder; path.length > root.length && path.startsWith(root); path = dirname(path))
      await steps.rmdir(path)
  } catch {
    // Not empty, or gone already: either way there is nothing more to tidy.
  }
}
