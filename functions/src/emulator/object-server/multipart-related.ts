import { invalidRequest } from './google-error.ts'

const HEADERS_END = Buffer.from('\r\n\r\n')
/** The first part is an object's metadata: 8 KiB of custom metadata at most, and little else. */
const MAXIMAL_HEAD_BYTES = 1 << 20

export interface RelatedParts {
  readonly metadata: string
  readonly contentType: string | undefined
  readonly body: AsyncIterable<Buffer>
}

/** Takes a `multipart/related` upload apart: JSON first, then the bytes, which pass through as they come. */
export async function readRelatedParts(pieces: AsyncIterable<Buffer>, contentType: string): Promise<RelatedParts> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const delimiter = Buffer.from(`--${boundary?.[1] ?? boundary?.[2]}`)
  if (boundary === null) throw invalidRequest('Multipart uploads need a boundary.')
  const reader = new PieceReader(pieces)
  await reader.readUntil(delimiter)
  await reader.readUntil(HEADERS_END)
  const metadata = await reader.readUntil(Buffer.concat([Buffer.from('\r\n'), delimiter]))
  const headers = (await reader.readUntil(HEADERS_END)).toString()
  return {
    metadata: metadata.toString(),
    contentType: /^content-type:\s*(.+?)\s*$/im.exec(headers)?.[1],
    body: reader.streamUntil(Buffer.concat([Buffer.from('\r\n'), delimiter])),
  }
}

class PieceReader {
  readonly #pieces: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** What comes before `delimiter`, which is skipped. */
  async readUntil(delimiter: Buffer): Promise<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(delimiter)
      if (at >= 0) return this.#take(at, delimiter.length)
      if (this.#rest.length > MAXIMAL_HEAD_BYTES) throw invalidRequest('The metadata of an upload is too long.')
      this.#rest = Buffer.concat([this.#rest, await this.#next()])
    }
  }

  /** What comes before `delimiter`; the rest of the request is read and dropped. */
  async *streamUntil(delimiter: Buffer): AsyncIterable<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(delimiter)
      if (at >= 0) {
        if (at > 0) yield this.#take(at, delimiter.length)
        return this.#drain()
      }
      const safe = this.#rest.length - (delimiter.length - 1)
      if (safe > 0) yield this.#take(safe, 0)
      const next = await this.#next()
      this.#rest = this.#rest.length === 0 ? next : Buffer.concat([this.#rest, next])
    }
  }

  #take(length: number, skip: number): Buffer {
    const taken = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length + skip)
    return taken
  }

  async #next(): Promise<Buffer> {
    const { done, value } = await this.#pieces.next()
    if (done) throw invalidRequest('The upload ended in the middle of a part.')
    return value
  }

  async #drain(): Promise<void> {
    while (!(await this.#pieces.next()).done);
  }
}
