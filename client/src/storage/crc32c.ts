/** The reflected polynomial of Castagnoli. */
const POLYNOMIAL = 0x82f63b78
const SLICES = 8

/** `table[k * 256 + b]`: what byte `b` contributes when `k` more bytes follow it in the same step. */
function buildTable(): Int32Array {
  const table = new Int32Array(256 * SLICES)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    table[byte] = value
  }
  for (let index = 256; index < table.length; index++) {
    const shorter = table[index - 256] ?? 0
    table[index] = (shorter >>> 8) ^ (table[shorter & 0xff] ?? 0)
  }
  return table
}

const TABLE = buildTable()

/**
 * The checksum of Cloud Storage, over bytes that arrive in pieces. Eight bytes a step: Node has no CRC32C of its own, and
 * the client library's goes byte by byte, which a server on a shared core feels.
 *
 * @example
 * new Crc32c().update(new TextEncoder().encode('data')).toBase64() // 'rth90Q=='
 */
export class Crc32c {
  #state = -1

  update(bytes: Uint8Array): this {
    const whole = bytes.length - (bytes.length % SLICES)
    this.#state = updateByBytes(updateBySlices(this.#state, bytes, whole), bytes, whole)
    return this
  }

  /** Base64 of the four bytes, most significant first. */
  toBase64(): string {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeInt32BE(~this.#state)
    return bytes.toString('base64')
  }
}

export function crc32cOf(bytes: Uint8Array): string {
  return new Crc32c().update(bytes).toBase64()
}

function updateBySlices(initial: number, bytes: Uint8Array, end: number): number {
  let state = initial
  for (let at = 0; at < end; at += SLICES) {
    const low =
      state ^
      (byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24))
    state =
      entry(7, low & 0xff) ^
      entry(6, (low >>> 8) & 0xff) ^
      entry(5, (low >>> 16) & 0xff) ^
      entry(4, low >>> 24) ^
      entry(3, byteAt(bytes, at + 4)) ^
      entry(2, byteAt(bytes, at + 5)) ^
      entry(1, byteAt(bytes, at + 6)) ^
      entry(0, byteAt(bytes, at + 7))
  }
  return state
}

function updateByBytes(initial: number, bytes: Uint8Array, start: number): number {
  let state = initial
  for (let at = start; at < bytes.length; at++) state = entry(0, (state ^ byteAt(bytes, at)) & 0xff) ^ (state >>> 8)
  return state
}

function entry(slice: number, byte: number): number {
  return TABLE[slice * 256 + byte] ?? 0
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
