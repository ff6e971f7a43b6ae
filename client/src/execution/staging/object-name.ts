import { createHash } from 'node:crypto'

/** Room for what a file system or a store adds to a name of at most 255 bytes. */
const maxSegmentBytes = 240

/** Of the 1,024 that Cloud Storage allows; the rest is for the place of the batch and the attempt. */
const maxPathBytes = 640

/**
 * The name that a file of an output gets in the object store: its own, unless stores refuse it. The manifest keeps the
 * true name, so nothing is ever decoded; different names stay different.
 */
export function objectNameOf(path: string): string {
  const plain = path.split('/').map(segmentOf).join('/')
  return Buffer.byteLength(plain) <= maxPathBytes ? plain : hashOf(path)
}

function segmentOf(segment: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Cloud Storage refuses or advises against
  const plain = segment.replace(/[\u0000-\u001f\u007f-\u009f%#?*[\]\\]/g, (letter) => encodeHex(letter))
  if (Buffer.byteLength(plain) <= maxSegmentBytes) return plain
  return hashOf(segment)
}

const hashOf = (name: string) => `%${createHash('sha256').update(name).digest('hex')}`

const encodeHex = (letter: string) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`
