import { EventEmitter } from 'node:events'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CreateReadStreamOptions, File } from '@google-cloud/storage'

/** The library pipes a response through so many steps that Node would warn of a leak, once for every download. */
const LISTENERS_OF_RESPONSE = 20

/** An object's bytes as they are stored, gzipped or not. */
export function openObject(file: File, options: CreateReadStreamOptions): Readable {
  const stream = file.createReadStream({ decompress: false, ...options })
  stream.on('response', (response: unknown) => {
    if (response instanceof EventEmitter) response.setMaxListeners(LISTENERS_OF_RESPONSE)
  })
  return stream
}

/** The library counts the last byte in. A checksum is checked only when the whole is read. */
export function rangeOf(start: number, end: number | undefined): CreateReadStreamOptions {
  if (start === 0 && end === undefined) return { validation: 'crc32c' }
  return end === undefined ? { start } : { start, end: end - 1 }
}

/** The file is opened first: the library throws where nobody can catch if its reader is gone before the answer comes. */
export async function downloadObject(file: File, path: string): Promise<void> {
  const target = await open(path, 'w')
  await pipeline(openObject(file, rangeOf(0, undefined)), target.createWriteStream())
}
