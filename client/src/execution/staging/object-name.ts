import { createHash } from 'node:crypto'

/** Room for what a file system or a store adds to a name of at most 255 bytes. */
const maxSegmentBytes = 240

/**
 * The name that a file of an output gets in the object store: its own, unless stores refuse it. The manifest keeps the
 * true name, so nothing is ever decoded; different names stay different.
 */
export const objectNameOf = (path: string): string => path.split('/').map(segmentOf).join('/')

function segmentOf(segment: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Cloud Storage refuses or advises against
  const plain = segment.replace(/[\u0000-\u001f\u007f-\u009f%#?*[\]\\]/g, (letter) => encodeHex(letter))
  if (Buffer.byteLength(plain) <= maxSegmentBytes) return plain
  return `%${createHash('sha256').update(segment).digest('hex')}`
}

const encodeHex = (letter: string) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`
