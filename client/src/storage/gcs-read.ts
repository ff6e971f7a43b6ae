import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { CreateReadStreamOptions, File } from '@google-cloud/storage'
import { isTransient } from './gcs-errors.ts'

/** The library pipes a response through so many steps that Node would warn of a leak, once for every download. */
const LISTENERS_OF_RESPONSE = 20

/** An object's bytes as they are stored, gzipped or not. */
export function openObject(file: File, options: CreateReadStreamOptions): Readable {
  const { userProject } = file.bucket
  // Of all the library's requests, this kind alone forgets who pays.
  const payer = userProject === undefined ? {} : { userProject }
  const stream = file.createReadStream({ decompress: false, ...payer, ...options })
  stream.on('response', (response: unknown) => {
    if (response instanceof EventEmitter) response.setMaxListeners(LISTENERS_OF_RESPONSE)
    spareOthers(stream, response)
  })
  return stream
}

/** The library counts the last byte in. A checksum is checked only when the whole is read. */
export function rangeOf(start: number, end: number | undefined): CreateReadStreamOptions {
  if (start === 0 && end === undefined) return { validation: 'crc32c' }
  return end === undefined ? { start } : { start, end: end - 1 }
}

/**
 * When a stream breaks, the library closes the connections of all others, too, so that none is forgotten open. One that
 * the other side broke is closed already: only if this side gives up is that done here.
 */
function spareOthers(stream: Readable, response: unknown): void {
  const request: { agent?: { destroy?: () => void } } | undefined = Object(response).request
  const agent = request?.agent
  if (request === undefined || agent === undefined) return
  delete request.agent
  stream.once('close', () => {
    const isBrokenByOthers = stream.errored !== null && isTransient(stream.errored)
    if (!stream.readableEnded && !isBrokenByOthers) agent.destroy?.()
  })
}
