import type { Clock } from '../clock.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { type LogRoom, maxPieceBytes } from './log-room.ts'

/** An end of this size or smaller is stored together with other attempts' ends. */
const maxTailBytes = 256 * 1024

export interface PrintedLogOptions {
  /** Stores the `number`-th piece, 0, 1, … */
  readonly storePiece: (number: number, bytes: Uint8Array) => Promise<void>
  readonly clock: Clock
  readonly room: LogRoom
  readonly pace: FlushPace
  /** Asked now and then of a job that has printed much. */
  readonly isFollowed: () => Promise<boolean>
}

/** How soon what is printed is stored while the commands run. In ms. */
export interface FlushPace {
  /** For what is printed after a silence. */
  readonly flushMs: number
  /** For what is printed on and on: each time costs an object. */
  readonly slowestFlushMs: number
}

/**
 * Whoever follows a log sees a line within two seconds, for as long as the job prints: this, half a second until the
 * follower looks again, and what it takes to write and to read a piece.
 */
export const usualPace: FlushPace = { flushMs: 750, slowestFlushMs: 1200 }

/**
 * So fast would cost 3,000 objects an hour, as much as the machine. Ten minutes of it are for everybody; then what is
 * printed is stored so fast only while somebody follows, which is looked at now and then.
 */
const piecesForAll = 500
const unfollowedFlushMs = 15_000
const lookForFollowersMs = 5_000

/**
 * What the commands print, stored as consecutive pieces, byte by byte as it came. Nothing printed, nothing stored. Trouble
 * with the log is noted in the log and never ends an attempt.
 */
export class PrintedLog {
  readonly #options: PrintedLogOptions
  readonly #closed = new AbortController()
  readonly #buffer = new GrowingBuffer()
  #pieces = 0
  #lostBytes = 0
  #storing: Promise<void> = Promise.resolve()
  #flushing: Promise<void> | undefined

  constructor(options: PrintedLogOptions) {
    this.#options = options
  }

  /** Takes a chunk. A promise means: bring no more before it is resolved. */
  print(chunk: Uint8Array): Promise<void> | void {
    const { room } = this.#options
    this.#buffer.add(chunk)
    room.take(chunk.byteLength)
    this.#flushing ??= this.#flushNowAndThen()
    if (this.#buffer.length >= room.pieceBytes) return this.#flush()
  }

  /** The end of the log, which is not stored yet: empty if there is none, or if it was too long to be handed over. */
  async close(): Promise<Uint8Array> {
    this.#closed.abort('closed')
    await this.#flushing
    while (this.#buffer.length > maxTailBytes) await this.#flush()
    await this.#storing
    const tail = this.#takePiece()
    this.#options.room.giveBack(tail.printedBytes)
    return tail.bytes
  }

  async #flushNowAndThen(): Promise<void> {
    const { clock, pace } = this.#options
    let pauseMs = pace.flushMs
    while (!this.#closed.signal.aborted) {
      await clock.sleep(pauseMs, this.#closed.signal)
      if (this.#pieces >= piecesForAll) await this.#waitForFollowers(unfollowedFlushMs - pauseMs)
      if (this.#closed.signal.aborted) return
      if (this.#buffer.length === 0) break
      await this.#flush()
      pauseMs = Math.max(pace.flushMs, Math.min(pauseMs * 1.25, pace.slowestFlushMs))
    }
    this.#flushing = undefined
  }

  async #waitForFollowers(longestMs: number): Promise<void> {
    const { clock, isFollowed } = this.#options
    for (let waitedMs = 0; waitedMs < longestMs && !this.#closed.signal.aborted; waitedMs += lookForFollowersMs) {
      if (await isFollowed()) return
      await clock.sleep(Math.min(lookForFollowersMs, longestMs - waitedMs), this.#closed.signal)
    }
  }

  /** One piece after the other, so that a reader never sees a gap that is filled later. */
  #flush(): Promise<void> {
    this.#storing = this.#storing.then(() => this.#storePieces())
    return this.#storing
  }

  /** What is there now, but no more than is needed to go on printing: what comes meanwhile may grow first. */
  async #storePieces(): Promise<void> {
    const { room } = this.#options
    do await this.#storePiece()
    while (this.#buffer.length >= room.pieceBytes)
  }

  async #storePiece(): Promise<void> {
    if (this.#buffer.length === 0) return
    const { bytes, printedBytes } = this.#takePiece()
    try {
      await this.#options.storePiece(this.#pieces, bytes)
      this.#pieces++
    } catch {
      this.#lostBytes += printedBytes
    } finally {
      this.#options.room.giveBack(printedBytes)
    }
  }

  #takePiece(): { bytes: Uint8Array; printedBytes: number } {
    const printed = this.#buffer.take(maxPieceBytes)
    if (this.#lostBytes === 0) return { bytes: printed, printedBytes: printed.byteLength }
    const notice = `\n[graupel: ${this.#lostBytes} bytes of the log could not be stored]\n`
    this.#lostBytes = 0
    return { bytes: Buffer.concat([Buffer.from(notice), printed]), printedBytes: printed.byteLength }
  }
}
