import { objectPaths } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'

/** A piece is stored when it has grown to this, so that memory stays bounded. */
const maxPieceBytes = 8 * 2 ** 20

/** A job that runs for hours does not need a new object every two seconds. */
const slowestFlushMs = 15_000

/**
 * What the commands print, stored as consecutive pieces `000000`, `000001`, …, byte by byte as it came. Nothing printed,
 * nothing stored. Trouble with the log is noted in the log and never ends an attempt.
 */
export class AttemptLog {
  readonly #context: AttemptContext
  readonly #closed = new AbortController()
  #chunks: Uint8Array[] = []
  #bytes = 0
  #pieces = 0
  #lostBytes = 0
  #storing: Promise<void> = Promise.resolve()
  #flushing: Promise<void> | undefined

  constructor(context: AttemptContext) {
    this.#context = context
  }

  /** Takes a chunk. A promise means: bring no more before it is resolved. */
  print(chunk: Uint8Array): Promise<void> | void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    this.#flushing ??= this.#flushNowAndThen()
    if (this.#bytes >= maxPieceBytes) return this.#flush()
  }

  async close(): Promise<void> {
    this.#closed.abort('closed')
    await this.#flushing
    await this.#flush()
  }

  async #flushNowAndThen(): Promise<void> {
    const { clock, flushMs = 2000 } = this.#context.options
    let pauseMs = flushMs
    while (!this.#closed.signal.aborted) {
      await clock.sleep(pauseMs, this.#closed.signal)
      if (!this.#closed.signal.aborted) await this.#flush()
      pauseMs = Math.min(pauseMs * 1.25, Math.max(flushMs, slowestFlushMs))
    }
  }

  /** One piece after the other, so that a reader never sees a gap that is filled later. */
  #flush(): Promise<void> {
    this.#storing = this.#storing.then(() => this.#storePieces())
    return this.#storing
  }

  async #storePieces(): Promise<void> {
    while (this.#bytes > 0) {
      const piece = this.#takePiece()
      try {
        await this.#store(piece)
        this.#pieces++
      } catch {
        this.#lostBytes += piece.byteLength
      }
    }
  }

  #takePiece(): Uint8Array {
    const notice = this.#lostBytes === 0 ? '' : `\n[graupel: ${this.#lostBytes} bytes of the log could not be stored]\n`
    this.#lostBytes = 0
    const all = Buffer.concat([Buffer.from(notice), ...this.#chunks])
    const rest = all.subarray(maxPieceBytes)
    this.#chunks = rest.byteLength === 0 ? [] : [rest]
    this.#bytes = rest.byteLength
    return all.subarray(0, maxPieceBytes)
  }

  async #store(piece: Uint8Array): Promise<void> {
    const { assignment, objects, lastIo } = this.#context
    const prefix = objectPaths.log(assignment.root, assignment.job, assignment.attempt)
    const uri = `${prefix}/${String(this.#pieces).padStart(6, '0')}`
    await lastIo(`Storing the log ${uri}`, () => objects.write(uri, piece))
  }
}
