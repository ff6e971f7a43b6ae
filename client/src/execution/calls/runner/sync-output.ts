import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'

/**
 * Standard output or error that has written what it was given when `write` returns, whatever the file descriptor is at
 * that moment: it may lead elsewhere in each attempt, and the process may end at any time.
 */
export class SyncOutput extends Writable {
  readonly fd: number

  constructor(fd: number) {
    super({ autoDestroy: false })
    this.fd = fd
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    try {
      writeWhole(this.fd, chunk)
      done()
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** A signal may cut a write short, and a child may have made the pipe one that does not wait. */
function writeWhole(fd: number, chunk: Buffer): void {
  for (let written = 0; written < chunk.byteLength; ) {
    try {
      written += writeSync(fd, chunk, written)
    } catch (error) {
      if (Object(error).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** @param errorsTo the file descriptor of what is printed as an error */
export function replaceStandardOutputs(errorsTo: number): void {
  for (const [name, fd] of [['stdout', 1] as const, ['stderr', errorsTo] as const]) {
    const output = new SyncOutput(fd)
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => output })
  }
}
