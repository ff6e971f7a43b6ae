import { randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { chmod, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { generationOf, statFile } from './file-info.ts'
import { FileSharer } from './share-file.ts'

export interface DownloadCacheOptions {
  /** The cache's own; made when needed. On the same disk as the files that are given out. */
  readonly folder: string
  /** What it keeps at most; 0 keeps nothing. What is being given out besides is not counted. */
  readonly maxBytes: number
  readonly sharer?: FileSharer | undefined
}

interface Entry {
  readonly path: string
  /** Rejects when it could not be fetched; then it is not in the cache any more. */
  readonly fetched: Promise<BigIntStats>
  /** Who waits for it or is being given it: until then it stays. */
  readers: number
  /** What it takes of the room, once it is there and may stay; 0 until then. */
  keptBytes: number
}

/** What the smallest file takes of a disk. */
const leastBytes = 4096

/** Objects seen once are remembered, where it would cost a copy to keep them. */
const mostRemembered = 10_000

/**
 * One copy on this machine of what many jobs read. Contents are known by a key that never means two of them, such as an
 * object's generation. A content that somebody has changed is not given out again.
 */
export class DownloadCache {
  readonly #options: DownloadCacheOptions
  readonly #sharer: FileSharer
  /** The longest unused first. */
  readonly #entries = new Map<string, Entry>()
  readonly #seen = new Set<string>()
  #keptBytes = 0

  constructor(options: DownloadCacheOptions) {
    this.#options = options
    this.#sharer = options.sharer ?? new FileSharer()
  }

  /** What is kept now, in bytes. */
  get keptBytes(): number {
    return this.#keptBytes
  }

  /** Puts the content at `path`; `bring` fetches it to the path that it is given. Those who ask meanwhile wait for it. */
  async give(key: string, path: string, bring: (path: string) => Promise<void>): Promise<void> {
    if (this.#options.maxBytes === 0 || this.#isFirstOfCopies(key)) return bring(path)
    const entry = this.#entries.get(key) ?? this.#enter(key, bring)
    entry.readers++
    try {
      const before = await entry.fetched
      if (await isUnchanged(entry.path, before)) {
        this.#touch(key, entry)
        await this.#sharer.share(entry.path, path)
        return
      }
      this.#forget(key, entry)
    } finally {
      entry.readers--
      await this.#settle(key, entry)
    }
    await this.give(key, path, bring)
  }

  /** An object that one job reads would be written twice, in vain. */
  #isFirstOfCopies(key: string): boolean {
    if (!this.#sharer.copies || this.#entries.has(key) || this.#seen.has(key)) return false
    if (this.#seen.size >= mostRemembered) this.#seen.clear()
    this.#seen.add(key)
    return true
  }

  #enter(key: string, bring: (path: string) => Promise<void>): Entry {
    const path = join(this.#options.folder, randomUUID())
    const entry: Entry = { path, fetched: this.#bring(path, bring), readers: 0, keptBytes: 0 }
    // Who waits hears of a failure; it is nobody else's.
    entry.fetched.catch(() => undefined)
    this.#entries.set(key, entry)
    return entry
  }

  async #bring(path: string, bring: (path: string) => Promise<void>): Promise<BigIntStats> {
    await mkdir(this.#options.folder, { recursive: true })
    await bring(path)
    await chmod(path, 0o444)
    return stat(path, { bigint: true })
  }

  /** When the last reader has it, an entry stays if there is room for it. */
  async #settle(key: string, entry: Entry): Promise<void> {
    const found = await entry.fetched.catch(() => undefined)
    if (entry.readers > 0 || entry.keptBytes > 0) return
    if (this.#entries.get(key) === entry && found !== undefined) {
      const sizeBytes = Math.max(Number(found.size), leastBytes)
      entry.keptBytes = sizeBytes
      this.#keptBytes += sizeBytes
      if (await this.#makeRoom()) return
    }
    this.#forget(key, entry)
    if (entry.readers === 0) await rm(entry.path, { force: true })
  }

  /** Away with the longest unused. One that still has other names would give no room: somebody's job reads it. */
  async #makeRoom(): Promise<boolean> {
    for (const [key, entry] of [...this.#entries]) {
      if (this.#keptBytes <= this.#options.maxBytes) return true
      if (entry.keptBytes === 0 || entry.readers > 0) continue
      const found = await statFile(entry.path)
      if ((found?.nlink ?? 1n) > 1n || entry.readers > 0) continue
      this.#forget(key, entry)
      await rm(entry.path, { force: true })
    }
    return this.#keptBytes <= this.#options.maxBytes
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key)
    this.#keptBytes -= entry.keptBytes
    entry.keptBytes = 0
  }

  #touch(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }
}

async function isUnchanged(path: string, before: BigIntStats): Promise<boolean> {
  const now = await statFile(path)
  return now !== undefined && generationOf(now) === generationOf(before)
}
