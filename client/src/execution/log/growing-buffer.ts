const leastBytes = 4096

/** Bytes in one piece of memory: small chunks cost no more than what is in them. */
export class GrowingBuffer {
  #memory = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.byteLength
    if (length > this.#memory.byteLength) this.#growTo(length)
    this.#memory.set(chunk, this.#length)
    this.#length = length
  }

  /** The first `most` bytes, which are not in the buffer any more. */
  take(most = Number.POSITIVE_INFINITY): Buffer {
    const taken = this.#memory.subarray(0, Math.min(most, this.#length))
    const rest = this.#memory.subarray(taken.byteLength, this.#length)
    this.#memory = Buffer.alloc(0)
    this.#length = 0
    this.add(rest)
    return taken
  }

  #growTo(length: number): void {
    const memory = Buffer.allocUnsafeSlow(Math.max(leastBytes, length, 2 * this.#memory.byteLength))
    memory.set(this.#memory.subarray(0, this.#length))
    this.#memory = memory
  }
}
