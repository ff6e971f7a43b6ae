/** The reflected polynomial of Castagnoli; a polynomial's lowest power is its highest bit. */
const POLYNOMIAL = 0x82f63b78
const ONE = 0x80000000

/** A product of polynomials, modulo Castagnoli's. */
function multiply(left: number, right: number): number {
  let product = 0
  let shifted = right
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1
  }
  return product >>> 0
}

/** `x` to the power of eight times `bytes`: what so many more bytes do to a checksum. */
function shiftOf(bytes: number): number {
  let power = ONE
  let square = ONE >>> 8
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(power, square)
    square = multiply(square, square)
  }
  return power
}

export interface SummedPart {
  readonly sizeBytes: number
  /** Base64, as `ObjectInfo` has it. */
  readonly crc32c: string
}

/** The checksum of parts put one after the other, from theirs alone. No part: that of nothing. */
export function combineCrc32c(parts: readonly SummedPart[]): string {
  const whole = parts.reduce(
    (sum, { sizeBytes, crc32c }) => multiply(shiftOf(sizeBytes), sum) ^ Buffer.from(crc32c, 'base64').readUInt32BE(),
    0,
  )
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(whole >>> 0)
  return bytes.toString('base64')
}
