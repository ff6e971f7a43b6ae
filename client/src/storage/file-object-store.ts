import { type BigIntStats, constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32cOf } from './crc32c.ts'
import { isMissingFile, isUnlinkable } from './file-errors.ts'
import { checksumOf, generationOf, statFile } from './file-info.ts'
import type { FileSteps } from './file-steps.ts'
import { listFiles } from './list-files.ts'
import {
  type ObjectInfo,
  ObjectNotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  type ReadOptions,
  type WriteOptions,
} from './object-store.ts'
import { filePathOf, fileUriOf } from './object-uri.ts'
import { OwnFolders } from './own-folders.ts'
import { FilePublisher, UnexpectedFileError } from './publish-file.ts'
import { readFilePart } from './read-file-part.ts'
import { linkOver, removeEmptyFolders, seal, unseal } from './sealed-files.ts'

export interface FileObjectStoreOptions {
  /**
   * Folders that belong to the store's owner alone: objects and jobs' files in them. Files in them are linked instead of
   * copied where both ends lie in them, objects in them are read-only, and folders that deletions leave empty are
   * removed. A file elsewhere is a user's: it is only ever read, copied or replaced as a whole. Default none.
   */
  readonly ownFolders?: readonly string[]
  /** Compute `crc32c`, which reads every file once more. Default false: `crc32c` is `''`. */
  readonly checksums?: boolean
}

/**
 * Files of this machine as objects, `file:///path`; the path stands in the URI as it is. An object's name is a path: `a`
 * and `a/b` cannot both be, and each segment has at most 255 bytes. A linked file keeps its executable bit.
 */
export class FileObjectStore implements ObjectStore {
  readonly #own: OwnFolders
  readonly #withChecksums: boolean
  readonly #publisher = new FilePublisher()

  constructor(options: FileObjectStoreOptions = {}) {
    this.#own = new OwnFolders(options.ownFolders ?? [])
    this.#withChecksums = options.checksums ?? false
  }

  async stat(uri: string): Promise<ObjectInfo | undefined> {
    const path = filePathOf(uri)
    const stats = await statFile(path, this.#own.stepsAt(path))
    return stats && this.#describe(uri, stats, path)
  }

  async read(uri: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const path = filePathOf(uri)
    try {
      const { generation, start, end } = options
      if (generation !== undefined || start !== undefined || end !== undefined)
        return await readFilePart(path, uri, options)
      return await this.#own.stepsAt(path).read(path)
    } catch (error) {
      if (isMissingFile(error)) throw new ObjectNotFoundError(uri, { cause: error })
      throw error
    }
  }

  async write(uri: string, body: Uint8Array | string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const path = filePathOf(uri)
    const steps = this.#own.stepsAt(path)
    if (uri.endsWith('/')) return makeFolder(uri, steps)
    const mode = this.#own.folderOf(path) === undefined ? 0o666 : 0o444
    const checksum = this.#withChecksums ? crc32cOf(Buffer.from(body)) : ''
    const stats = await this.#publish(uri, options, (part) => steps.write(part, body, { flag: 'wx', mode }))
    return infoOf(uri, stats, checksum)
  }

  async upload(path: string, uri: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const steps = this.#own.stepsAt(path)
    const stats = await steps.lstat(path)
    // A file with a second name may be a user's under that name, and sealing it would change theirs.
    const isSingle = stats.isFile() && stats.nlink === 1n
    const linkable = isSingle ? await this.#linkablePath(path, filePathOf(uri)) : undefined
    if (linkable === undefined) return this.#copyIn(path, uri, options)
    await seal(linkable, stats, steps)
    return this.#linkIn({ path: linkable, stats }, uri, options)
  }

  async download(uri: string, path: string, options: Pick<ReadOptions, 'generation'> = {}): Promise<void> {
    const source = filePathOf(uri)
    const steps = this.#own.stepsAt(path)
    try {
      const linkable = await this.#linkablePath(source, path)
      const isLinked = linkable !== undefined && (await linkOver(linkable, path, steps))
      if (!isLinked) await copyFile(source, path, constants.COPYFILE_FICLONE)
      await this.#expectGeneration(uri, isLinked ? path : source, options.generation)
    } catch (error) {
      if (error instanceof ObjectNotFoundError) await this.#publisher.remove(path, steps)
      if (isMissingFile(error) && (await statFile(source, this.#own.stepsAt(source))) === undefined) {
        throw new ObjectNotFoundError(uri, { cause: error })
      }
      throw error
    }
  }

  async copy(from: string, to: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const source = filePathOf(from)
    const stats = await statFile(source, this.#own.stepsAt(source))
    if (stats === undefined) throw new ObjectNotFoundError(from)
    const linkable = await this.#linkablePath(source, filePathOf(to))
    if (linkable === undefined) return this.#copyIn(source, to, options)
    return this.#linkIn({ path: linkable, stats }, to, options)
  }

  /** Like `upload`, of a file that `fill` makes at the path it is given. */
  async create(uri: string, fill: (part: string) => Promise<void>, options: WriteOptions = {}): Promise<ObjectInfo> {
    const target = filePathOf(uri)
    const steps = this.#own.stepsAt(target)
    const isOwn = this.#own.folderOf(target) !== undefined
    const stats = await this.#publish(uri, options, async (part) => {
      await fill(part)
      const made = await steps.lstat(part)
      await (isOwn ? seal(part, made, steps) : unseal(part, made, steps))
    })
    return this.#describe(uri, stats, target)
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    for await (const path of listFiles(filePathOf(prefix))) {
      const info = await this.stat(fileUriOf(path))
      if (info !== undefined) yield info
    }
  }

  async delete(uri: string): Promise<void> {
    const path = filePathOf(uri)
    const own = this.#own.folderOf(path)
    const steps = this.#own.stepsAt(path)
    if ((await this.#publisher.remove(path, steps)) && own !== undefined)
      await removeEmptyFolders(dirname(path), own, steps)
  }

  #copyIn(source: string, uri: string, options: WriteOptions): Promise<ObjectInfo> {
    return this.create(uri, (part) => copyFile(source, part, constants.COPYFILE_FICLONE), options)
  }

  async #linkIn({ path, stats }: Source, uri: string, { ifGeneration }: WriteOptions): Promise<ObjectInfo> {
    const target = filePathOf(uri)
    try {
      await this.#publisher.publishLink(path, { target, ifGeneration, steps: this.#own.stepsAt(target) })
      return await this.#describe(uri, stats, path)
    } catch (error) {
      if (isUnlinkable(error)) return this.#copyIn(path, uri, { ifGeneration })
      throw translate(error, uri)
    }
  }

  async #publish(uri: string, options: WriteOptions, fill: (part: string) => Promise<void>): Promise<BigIntStats> {
    const target = filePathOf(uri)
    const steps = this.#own.stepsAt(target)
    try {
      return await this.#publisher.publish({ target, ifGeneration: options.ifGeneration, steps }, async (part) => {
        await fill(part)
        return steps.lstat(part)
      })
    } catch (error) {
      throw translate(error, uri)
    }
  }

  /** The file that `source` leads to, if it may become `target` by a link. */
  async #linkablePath(source: string, target: string): Promise<string | undefined> {
    return this.#own.folderOf(target) === undefined ? undefined : this.#own.realPathOf(source)
  }

  async #describe(uri: string, stats: BigIntStats, path: string): Promise<ObjectInfo> {
    return infoOf(uri, stats, this.#withChecksums ? await checksumOf(path) : '')
  }

  async #expectGeneration(uri: string, path: string, expected: string | undefined): Promise<void> {
    if (expected === undefined) return
    const stats = await statFile(path, this.#own.stepsAt(path))
    if (stats === undefined || generationOf(stats) !== expected) throw new ObjectNotFoundError(uri)
  }
}

/** A file that may be linked. */
interface Source {
  readonly path: string
  readonly stats: BigIntStats
}

async function makeFolder(uri: string, steps: FileSteps): Promise<ObjectInfo> {
  const path = filePathOf(uri)
  await steps.makeFolder(path)
  return { uri, sizeBytes: 0, generation: generationOf(await steps.lstat(path)), crc32c: '' }
}

function infoOf(uri: string, stats: BigIntStats, crc32c: string): ObjectInfo {
  return { uri, sizeBytes: Number(stats.size), generation: generationOf(stats), crc32c }
}

function translate(error: unknown, uri: string): unknown {
  return error instanceof UnexpectedFileError ? new PreconditionFailedError(uri, { cause: error }) : error
}
