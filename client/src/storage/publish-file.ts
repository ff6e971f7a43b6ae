import { randomUUID } from 'node:crypto'
import { link, mkdir, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isExistingFile, isMissingFile } from './file-errors.ts'
import { generationOf, statFile } from './file-info.ts'
import { KeyedLock } from './keyed-lock.ts'
import { PART_PREFIX } from './list-files.ts'

/** So many deletions may come between a folder and its file. */
const MOST_ATTEMPTS = 200

/** The file at the target is not the expected one. */
export class UnexpectedFileError extends Error {
  override readonly name = 'UnexpectedFileError'
}

/**
 * Makes files appear whole or not at all. "Only if absent" is the file system's own promise and holds between processes;
 * "only onto this generation" holds between the writers of one publisher.
 */
export class FilePublisher {
  readonly #locks = new KeyedLock()

  /** `fill` makes the file at the path it is given; then that becomes `target`. */
  async publish<T>(target: string, ifGeneration: string | undefined, fill: (part: string) => Promise<T>): Promise<T> {
    const part = join(dirname(target), PART_PREFIX + randomUUID())
    try {
      const result = await withParents(target, () => fill(part))
      await this.#move(part, target, ifGeneration)
      return result
    } finally {
      await rm(part, { force: true })
    }
  }

  /** Makes `target` another name of the file `source`. */
  async publishLink(source: string, target: string, ifGeneration: string | undefined): Promise<void> {
    try {
      if (ifGeneration === undefined || ifGeneration === '0')
        return await withParents(target, () => link(source, target))
    } catch (error) {
      if (!isExistingFile(error)) throw error
      if (ifGeneration === '0') throw new UnexpectedFileError(target, { cause: error })
    }
    await this.publish(target, ifGeneration, (part) => link(source, part))
  }

  /** Whether there was a file. */
  remove(target: string): Promise<boolean> {
    return this.#locks.run(target, async () => {
      try {
        await unlink(target)
        return true
      } catch (error) {
        if (isMissingFile(error)) return false
        throw error
      }
    })
  }

  async #move(part: string, target: string, ifGeneration: string | undefined): Promise<void> {
    if (ifGeneration === '0') return createOnly(part, target)
    await this.#locks.run(target, async () => {
      if (ifGeneration !== undefined) {
        const stats = await statFile(target)
        if (stats === undefined || generationOf(stats) !== ifGeneration) throw new UnexpectedFileError(target)
      }
      await withParents(target, () => rename(part, target))
    })
  }
}

async function createOnly(part: string, target: string): Promise<void> {
  try {
    await link(part, target)
  } catch (error) {
    if (isExistingFile(error)) throw new UnexpectedFileError(target, { cause: error })
    throw error
  }
}

/** A neighbour's deletion may tidy the folder away just after it was made, and while it is made: then it is made again. */
async function withParents<T>(target: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0) await mkdir(dirname(target), { recursive: true })
      return await action()
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isMissingFile(error)) throw error
      // Neighbours in step with each other would undo each other's work again: no two wait equally long.
      if (attempt > 0) await setTimeout(Math.random() * Math.min(attempt, 20))
    }
  }
}
