import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ObjectStore } from '../../storage/index.ts'

/** So many that nobody reads are kept. */
const mostUnread = 64

interface SharedFile {
  readonly path: string
  readonly fetched: Promise<void>
  readers: number
}

/** One copy of what many attempts read, in a place of its own: attempts are told where, and get nothing into their folder. */
export class SharedFiles {
  readonly #folder: string
  /** The longest unread first. */
  readonly #files = new Map<string, SharedFile>()
  #fetched = 0

  /** @param folder an absolute path, of files that only this object makes; whoever gives it removes it */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where the object lies until it is released. Its name at the place is its own. @throws ObjectNotFoundError */
  async read(uri: string, objects: ObjectStore): Promise<string> {
    const file = this.#files.get(uri) ?? this.#fetch(uri, objects)
    this.#files.delete(uri)
    this.#files.set(uri, file)
    file.readers++
    try {
      await file.fetched
      return file.path
    } catch (error) {
      if (this.#files.get(uri) === file) this.#files.delete(uri)
      throw error
    }
  }

  release(uri: string): void {
    const file = this.#files.get(uri)
    if (file !== undefined) file.readers--
    if (this.#files.size <= mostUnread) return
    for (const [other, { readers, path }] of this.#files) {
      if (readers > 0) continue
      this.#files.delete(other)
      void rm(dirname(path), { recursive: true, force: true }).catch(() => undefined)
      return
    }
  }

  #fetch(uri: string, objects: ObjectStore): SharedFile {
    const folder = join(this.#folder, String(this.#fetched++))
    const path = join(folder, uri.slice(uri.lastIndexOf('/') + 1))
    return { path, fetched: bring(uri, folder, path, objects), readers: 0 }
  }
}

async function bring(uri: string, folder: string, path: string, objects: ObjectStore): Promise<void> {
  await mkdir(folder, { recursive: true })
  await objects.download(uri, path)
}
