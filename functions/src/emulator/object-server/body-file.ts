import { createHash } from 'node:crypto'
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { Crc32c } from 'graupel/storage'
import type { StoredBytes } from './stored-object.ts'

/** Bytes held before they are written: most objects are smaller and cost one write, none holds more. */
const BUFFER_BYTES = 1 << 20

/** Bytes on their way to disk, and their checksums. */
export class BodyFile {
  readonly data: string
  readonly #path: string
  readonly #md5 = createHash('md5')
  readonly #crc32c = new Crc32c()
  #file: FileHandle | undefined
  #pieces: Uint8Array[] = []
  #bufferedBytes = 0
  #sizeBytes = 0

  constructor(data: string, path: string) {
    this.data = data
    this.#path = path
  }

  /** Bytes received so far. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#md5.update(piece)
    this.#crc32c.update(piece)
    this.#pieces.push(piece)
    this.#sizeBytes += piece.length
    this.#bufferedBytes += piece.length
    if (this.#bufferedBytes >= BUFFER_BYTES) await this.#flush()
  }

  /** Writes what is left, and closes. */
  async finish(): Promise<StoredBytes> {
    if (this.#file === undefined) await writeFile(this.#path, Buffer.concat(this.#pieces))
    else await this.#flush()
    await this.#file?.close()
    return {
      data: this.data,
      sizeBytes: this.#sizeBytes,
      crc32c: this.#crc32c.toBase64(),
      md5Hash: this.#md5.digest('base64'),
    }
  }

  async discard(): Promise<void> {
    await this.#file?.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#bufferedBytes = 0
    this.#file ??= await open(this.#path, 'w')
    await this.#file.writev(pieces)
  }
}

/** All of `pieces` as one file. */
export async function receiveBody(body: BodyFile, pieces: AsyncIterable<Uint8Array>): Promise<StoredBytes> {
  try {
    for await (const piece of pieces) await body.write(piece)
    return await body.finish()
  } catch (error) {
    await body.discard()
    throw error
  }
}
