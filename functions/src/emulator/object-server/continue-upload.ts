import { parseContentRange, type UploadRange } from './content-range.ts'
import { type Exchange, sendObject } from './exchange.ts'
import { GoogleError } from './google-error.ts'
import type { ResumableUpload } from './resumable-uploads.ts'
import type { StoredObject } from './stored-object.ts'
import { createObject, withHints } from './upload-object.ts'

/** `PUT /upload/…/o?upload_id=`: the next chunk, or the question how far it went. */
export async function continueUpload(exchange: Exchange): Promise<void> {
  const upload = uploadOf(exchange)
  const range = parseContentRange(exchange.request.headers['content-range'])
  if (upload.result === undefined && (await takeBytes(exchange, upload, range))) {
    upload.result ??= finish(exchange, upload)
  }
  if (upload.result !== undefined) return sendObject(exchange, upload.bucket, await upload.result)
  const received = upload.body.sizeBytes
  exchange.response
    .writeHead(308, { ...(received > 0 && { range: `bytes=0-${received - 1}` }), 'content-length': 0 })
    .end()
}

/** `DELETE /upload/…/o?upload_id=`. The status is Cloud Storage's. */
export async function cancelUpload(exchange: Exchange): Promise<void> {
  const upload = uploadOf(exchange)
  exchange.uploads.forget(upload)
  upload.writer = undefined
  if (upload.result === undefined) await upload.body.discard()
  exchange.response.writeHead(499, { 'content-length': 0 }).end()
}

function uploadOf({ query, uploads }: Exchange): ResumableUpload {
  const upload = uploads.find(query.get('upload_id') ?? '')
  if (upload === undefined) throw new GoogleError(404, 'notFound', 'There is no such upload: begin it anew.')
  return upload
}

/** Whether these were the last bytes. */
async function takeBytes({ request }: Exchange, upload: ResumableUpload, range: UploadRange): Promise<boolean> {
  if (range.kind === 'query') return range.total === upload.body.sizeBytes
  const writer = {}
  upload.writer = writer
  let position = range.start
  for await (const piece of request) {
    if (upload.writer !== writer) throw new GoogleError(409, 'conflict', 'Another request continues this upload.')
    const known = upload.body.sizeBytes - position
    position += piece.length
    // Bytes that are there already are skipped; those after a gap wait until the client has read how far it went.
    if (known >= 0 && known < piece.length) await upload.body.write(piece.subarray(known))
  }
  if (upload.body.sizeBytes !== position) return false
  return range.total === undefined ? range.end === undefined : position === range.total
}

async function finish(exchange: Exchange, upload: ResumableUpload): Promise<StoredObject> {
  const { bucket, name, preconditions } = upload
  try {
    const fields = withHints(exchange, upload.fields)
    const object = await createObject(bucket, name, fields, await upload.body.finish(), preconditions)
    exchange.uploads.remember(upload)
    return object
  } catch (error) {
    exchange.uploads.forget(upload)
    throw error
  }
}
