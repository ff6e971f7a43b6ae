import { rm, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Bucket, File, FileMetadata } from '@google-cloud/storage'
import pLimit from 'p-limit'
import { crc32cOf } from './crc32c.ts'
import { type GcsClientOptions, type GcsClients, makeGcsClients } from './gcs-client.ts'
import { downloadGcsObject } from './gcs-download.ts'
import { isNotFound, isRangeBeyondEnd, toObjectError } from './gcs-errors.ts'
import { listGcsObjects } from './gcs-list.ts'
import { openObject, rangeOf } from './gcs-read.ts'
import { retrying } from './gcs-retry.ts'
import { rewriteGcsObject } from './gcs-rewrite.ts'
import { RESUMABLE_FROM_BYTES, uploadToGcs } from './gcs-upload.ts'
import {
  type ObjectInfo,
  ObjectNotFoundError,
  type ObjectStore,
  type ReadOptions,
  type WriteOptions,
} from './object-store.ts'
import { cloudNameOf, cloudObjectOf } from './object-uri.ts'

/** Requests with bytes of files that are open at once, in each direction: enough to fill a fast wire. */
const WIDTH = 32

/** The user's own field of an object that tells of a file that may be run. */
const executableField = 'graupel-executable'

export interface GcsObjectStoreOptions extends GcsClientOptions {
  /** The project that pays for requests to a bucket, where its owner does not. Default none. */
  readonly userProjectOf?: (bucket: string) => string | undefined
}

/**
 * Objects in Cloud Storage, `gs://bucket/name`; the name stands in the URI as it is. Uploads carry their checksum, so that
 * damaged bytes never become an object; objects stored gzipped are read as they are stored.
 *
 * Failed requests are repeated. When the answer to a successful conditional write was lost, its repetition finds its own
 * object there and fails with `PreconditionFailedError`: a caller that must know reads what is there.
 */
export class GcsObjectStore implements ObjectStore {
  readonly #options: GcsObjectStoreOptions
  readonly #uploads = pLimit(WIDTH)
  readonly #downloads = pLimit(WIDTH)
  #clients: Promise<GcsClients> | undefined

  constructor(options: GcsObjectStoreOptions = {}) {
    this.#options = options
  }

  async stat(uri: string): Promise<ObjectInfo | undefined> {
    try {
      const [metadata] = await (await this.#file(uri)).getMetadata()
      return infoOf(uri, metadata)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async read(uri: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const { start = 0, end } = options
    if (end !== undefined && end <= start) return this.#readNothing(uri, options)
    const file = await this.#readable(uri, options.generation)
    try {
      return await retrying(() => buffer(openObject(file, rangeOf(start, end))))
    } catch (error) {
      if (isRangeBeyondEnd(error)) return new Uint8Array()
      throw toObjectError(error, uri)
    }
  }

  async write(uri: string, body: Uint8Array | string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const bytes = Buffer.from(body)
    const file = await this.#file(uri)
    try {
      await file.save(bytes, {
        resumable: bytes.length >= RESUMABLE_FROM_BYTES,
        validation: false,
        metadata: { crc32c: crc32cOf(bytes) },
        preconditionOpts: preconditionOf(options),
      })
      return infoOf(uri, file.metadata)
    } catch (error) {
      throw toObjectError(error, uri)
    }
  }

  async upload(path: string, uri: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const { size, mode } = await stat(path)
    const { bucket, name } = cloudObjectOf(uri)
    const custom = (mode & 0o100) === 0 ? undefined : { [executableField]: 'true' }
    const target = { uri, bucket: await this.#bucket(bucket), name, custom, precondition: preconditionOf(options) }
    try {
      return infoOf(uri, await uploadToGcs(path, size, { ...target, limit: this.#uploads }))
    } catch (error) {
      throw toObjectError(error, uri)
    }
  }

  async download(uri: string, path: string, { generation }: Pick<ReadOptions, 'generation'> = {}): Promise<void> {
    const { bucket, name } = cloudObjectOf(uri)
    const source = { uri, bucket: await this.#bucket(bucket, 'once'), name, generation, limit: this.#downloads }
    try {
      await downloadGcsObject(source, path)
    } catch (error) {
      await rm(path, { force: true })
      throw toObjectError(error, uri)
    }
  }

  async copy(from: string, to: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const source = await this.#file(from)
    const target = await this.#file(to)
    try {
      return infoOf(to, await rewriteGcsObject(source, target, options.ifGeneration))
    } catch (error) {
      throw toObjectError(error, isNotFound(error) ? from : to)
    }
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    const { bucket, name } = cloudNameOf(prefix)
    for await (const metadata of listGcsObjects(await this.#bucket(bucket), name)) {
      yield infoOf(`gs://${bucket}/${metadata.name}`, metadata)
    }
  }

  async delete(uri: string): Promise<void> {
    await (await this.#file(uri)).delete({ ignoreNotFound: true })
  }

  async #readNothing(uri: string, { generation }: ReadOptions): Promise<Uint8Array> {
    const info = await this.stat(uri)
    if (info === undefined || (generation ?? info.generation) !== info.generation) throw new ObjectNotFoundError(uri)
    return new Uint8Array()
  }

  async #file(uri: string): Promise<File> {
    const { bucket, name } = cloudObjectOf(uri)
    return (await this.#bucket(bucket)).file(name)
  }

  async #readable(uri: string, generation: string | undefined): Promise<File> {
    const { bucket, name } = cloudObjectOf(uri)
    return (await this.#bucket(bucket, 'once')).file(name, generation === undefined ? {} : { generation })
  }

  async #bucket(name: string, kind: keyof GcsClients = 'repeating'): Promise<Bucket> {
    this.#clients ??= makeGcsClients(this.#options)
    const userProject = this.#options.userProjectOf?.(name)
    return (await this.#clients)[kind].bucket(name, userProject === undefined ? {} : { userProject })
  }
}

function infoOf(uri: string, { size, generation, crc32c, metadata }: FileMetadata): ObjectInfo {
  const info = { uri, sizeBytes: Number(size), generation: String(generation), crc32c: crc32c ?? '' }
  return metadata?.[executableField] === 'true' ? { ...info, isExecutable: true } : info
}

function preconditionOf({ ifGeneration }: WriteOptions): { ifGenerationMatch?: string } {
  return ifGeneration === undefined ? {} : { ifGenerationMatch: ifGeneration }
}
