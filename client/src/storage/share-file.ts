import { constants } from 'node:fs'
import { chmod, copyFile, link, rm } from 'node:fs/promises'
import { hasCode, isUnlinkable } from './file-errors.ts'

/** What a reader gets of a file that others read, too. */
export type ShareKind =
  /** A file of its own that shares the disk's blocks until one of them is changed. */
  | 'clone'
  /** Another name of the same file. Its permissions alone keep a reader from changing what the others see. */
  | 'link'
  | 'copy'

/**
 * Gives readers a file in the cheapest way that is safe on this machine: clones where the file system can, links where
 * permissions bind (the superuser's programs write to read-only files), copies otherwise. What is given is read-only.
 */
export class FileSharer {
  readonly #mayLink: boolean
  #canClone: boolean | undefined

  /** `mayLink`: readers are bound by permissions. Default: this process is not the superuser's, so neither are they. */
  constructor(mayLink: boolean = process.getuid?.() !== 0) {
    this.#mayLink = mayLink
  }

  /** Whether sharing costs as much as the file is long; unknown before the first time. */
  get copies(): boolean {
    return !this.#mayLink && this.#canClone === false
  }

  /** `source` is read-only. */
  async share(source: string, target: string): Promise<ShareKind> {
    await rm(target, { force: true })
    if (this.#canClone !== false && (await this.#clone(source, target))) return 'clone'
    if (this.#mayLink && (await linked(source, target))) return 'link'
    await copyFile(source, target)
    await chmod(target, 0o444)
    return 'copy'
  }

  async #clone(source: string, target: string): Promise<boolean> {
    try {
      await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE)
      await chmod(target, 0o444)
      this.#canClone = true
      return true
    } catch (error) {
      const isUnable = ['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOTTY', 'ENOSYS'].some((code) =>
        hasCode(error, code),
      )
      if (!isUnable) throw error
      this.#canClone ??= false
      await rm(target, { force: true })
      return false
    }
  }
}

async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target)
    return true
  } catch (error) {
    if (isUnlinkable(error)) return false
    throw error
  }
}
