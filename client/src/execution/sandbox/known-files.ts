import { lstatSync, unlinkSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** More are left to a thread, so that they hold up nobody else. */
const mostFiles = 64

/** What is known to be in an attempt's folder. */
export class KnownFiles {
  readonly #root: string
  readonly #files = new Set<string>()
  readonly #folders = new Set<string>()

  /** @param root the attempt's folder; all paths are absolute and below it */
  constructor(root: string) {
    this.#root = root
  }

  addFile(path: string): void {
    this.#files.add(path)
  }

  addFolder(path: string): void {
    this.#folders.add(path)
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path)
  }

  /** What is below `folder` is gone. */
  forget(folder: string): void {
    for (const known of [this.#files, this.#folders])
      for (const path of [...known]) if (path.startsWith(`${folder}/`)) known.delete(path)
  }

  /** Removes it and the root; false if something else is there, too. */
  async removeAll(): Promise<boolean> {
    if (this.#files.size > mostFiles) return false
    try {
      for (const file of this.#files) removeIfThere(file)
      for (const folder of this.#foldersInsideOut()) await rmdir(folder)
      return true
    } catch {
      return false
    }
  }

  /** Also those that somebody made for a known file. */
  #foldersInsideOut(): string[] {
    const folders = new Set([this.#root])
    for (const start of [...this.#folders, ...[...this.#files].map((file) => dirname(file))])
      for (let path = start; path.length > this.#root.length && !folders.has(path); path = dirname(path))
        folders.add(path)
    return [...folders].sort((left, right) => right.length - left.length)
  }
}

/** A file or symbolic link. */
export function removeIfThere(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path)
}
