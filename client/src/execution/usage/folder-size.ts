import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder is measured again when twenty times as long has passed as that takes, and at the earliest after this. */
const shortestMs = 2000
const share = 20

/** What a folder takes on its disk, and what is written elsewhere, measured now and then. */
export class FolderSize {
  readonly #folder: string
  readonly #elsewhere: () => Promise<number>
  #bytes = 0
  #nextAt = 0

  constructor(folder: string, elsewhere = async () => 0) {
    this.#folder = folder
    this.#elsewhere = elsewhere
  }

  /** As it was when it was last measured. */
  async bytes(): Promise<number> {
    const begunAt = performance.now()
    if (begunAt < this.#nextAt) return this.#bytes
    this.#bytes = (await sizeOf(this.#folder)) + (await this.#elsewhere().catch(() => 0))
    const now = performance.now()
    this.#nextAt = now + Math.max(shortestMs, share * (now - begunAt))
    return this.#bytes
  }
}

/** One file after the other, so that the disk is left to the commands. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(path)
    else if (entry.isFile()) bytes += await sizeOfFile(path)
  }
  return bytes
}

const bytesPerBlock = 512

/** A file with a second name is an input, and takes no room of its own. A file with holes takes less than it is long. */
async function sizeOfFile(path: string): Promise<number> {
  const { nlink, blocks } = await lstat(path).catch(() => ({ nlink: 0, blocks: 0 }))
  return nlink === 1 ? blocks * bytesPerBlock : 0
}
