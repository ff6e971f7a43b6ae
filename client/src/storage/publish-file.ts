import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isExistingFile, isMissingFile } from './file-errors.ts'
import { generationOf, statFile } from './file-info.ts'
import type { FileSteps } from './file-steps.ts'
import { KeyedLock } from './keyed-lock.ts'
import { PART_PREFIX } from './list-files.ts'

/** So many deletions may come between a folder and its file. */
const MOST_ATTEMPTS = 200

/** The file at the target is not the expected one. */
export class UnexpectedFileError extends Error {
  override readonly name = 'UnexpectedFileError'
}

export interface Publication {
  /** The file's path. */
  readonly target: string
  /** As in `WriteOptions`. */
  readonly ifGeneration: string | undefined
  /** How the file system is asked there. */
  readonly steps: FileSteps
}

/**
 * Makes files appear whole or not at all. "Only if absent" is the file system's own promise and holds between processes;
 * "only onto this generation" holds between the writers of one publisher.
 */
export class FilePublisher {
  readonly #locks = new KeyedLock()

  /** `fill` makes the file at the path it is given; then that becomes `target`. */
  async publish<T>({ target, ifGeneration, steps }: Publication, fill: (part: string) => Promise<T>): Promise<T> {
    const part = join(dirname(target), PART_PREFIX + randomUUID())
    try {
      const result = await withParents(target, steps, () => fill(part))
      await this.#move(part, { target, ifGeneration, steps })
      return result
    } finally {
      // Also after a rename, which does nothing between two names of one file.
      await removeFile(part, steps)
    }
  }

  /** Makes `target` another name of the file `source`. */
  async publishLink(source: string, publication: Publication): Promise<void> {
    const { target, ifGeneration, steps } = publication
    try {
      if (ifGeneration === undefined || ifGeneration === '0')
        return await withParents(target, steps, () => steps.link(source, target))
    } catch (error) {
      if (!isExistingFile(error)) throw error
      if (ifGeneration === '0') throw new UnexpectedFileError(target, { cause: error })
    }
    await this.publish(publication, (part) => steps.link(source, part))
  }

  /** Whether there was a file. */
  remove(target: string, steps: FileSteps): Promise<boolean> {
    return this.#locks.run(target, () => removeFile(target, steps))
  }

  async #move(part: string, { target, ifGeneration, steps }: Publication): Promise<void> {
    if (ifGeneration === '0') return createOnly(part, target, steps)
    await this.#locks.run(target, async () => {
      if (ifGeneration !== undefined) {
        const stats = await statFile(target, steps)
        if (stats === undefined || generationOf(stats) !== ifGeneration) throw new UnexpectedFileError(target)
      }
      await withParents(target, steps, () => steps.rename(part, target))
    })
  }
}

async function removeFile(path: string, steps: FileSteps): Promise<boolean> {
  try {
    await steps.unlink(path)
    return true
  } catch (error) {
    if (isMissingFile(error)) return false
    throw error
  }
}

async function createOnly(part: string, target: string, steps: FileSteps): Promise<void> {
  try {
    await steps.link(part, target)
  } catch (error) {
    if (isExistingFile(error)) throw new UnexpectedFileError(target, { cause: error })
    throw error
  }
}

/** A neighbour's deletion may tidy the folder away just after it was made, and while it is made: then it is made again. */
async function withParents<T>(target: string, steps: FileSteps, action: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0) await steps.makeFolder(dirname(target))
      return await action()
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isMissingFile(error)) throw error
      // Neighbours in step with each other would undo each other's work again: no two wait equally long.
      if (attempt > 0) await setTimeout(Math.random() * Math.min(attempt, 20))
    }
  }
}
