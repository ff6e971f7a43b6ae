import { randomUUID } from 'node:crypto'
import { BodyFile } from './body-file.ts'
import type { Bucket } from './bucket.ts'
import type { Preconditions } from './preconditions.ts'
import type { StoredObject, UploadFields } from './stored-object.ts'

/** One upload in several requests. */
export interface ResumableUpload {
  readonly id: string
  readonly bucket: Bucket
  readonly name: string
  readonly fields: UploadFields
  readonly preconditions: Preconditions
  readonly body: BodyFile
  /** Whose request may write: a new one takes over from one whose connection hangs. */
  writer: object | undefined
  /** The object, once all bytes are there; kept for a client that lost the answer. */
  result: Promise<StoredObject> | undefined
}

/** How many finished uploads are remembered. */
const REMEMBERED = 1000

/** All uploads under way. They do not outlive the server: a client whose upload is gone begins anew. */
export class ResumableUploads {
  readonly #uploads = new Map<string, ResumableUpload>()
  readonly #finished: string[] = []

  start(target: Pick<ResumableUpload, 'bucket' | 'name' | 'fields' | 'preconditions'>): ResumableUpload {
    const data = target.bucket.newData()
    const body = new BodyFile(data, target.bucket.pathOf(data))
    const upload = { ...target, id: randomUUID(), body, writer: undefined, result: undefined }
    this.#uploads.set(upload.id, upload)
    return upload
  }

  find(id: string): ResumableUpload | undefined {
    return this.#uploads.get(id)
  }

  /** Keeps a finished upload for a while. */
  remember(upload: ResumableUpload): void {
    this.#finished.push(upload.id)
    const oldest = this.#finished.length > REMEMBERED ? this.#finished.shift() : undefined
    if (oldest !== undefined) this.#uploads.delete(oldest)
  }

  forget(upload: ResumableUpload): void {
    this.#uploads.delete(upload.id)
  }

  async close(): Promise<void> {
    for (const { body, result } of this.#uploads.values()) if (result === undefined) await body.discard()
    this.#uploads.clear()
  }
}
