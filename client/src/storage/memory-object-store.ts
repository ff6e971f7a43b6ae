import { readFile, stat, writeFile } from 'node:fs/promises'
import { crc32cOf } from './crc32c.ts'
import {
  type ObjectInfo,
  ObjectNotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  type ReadOptions,
  type WriteOptions,
} from './object-store.ts'
import { schemeOf } from './object-uri.ts'
import { SortedNames } from './sorted-names.ts'

export interface MemoryObjectStoreOptions {
  /** Schemes of the URIs it takes. Default `['memory']`. */
  readonly schemes?: readonly string[]
}

interface MemoryObject {
  readonly info: ObjectInfo
  readonly bytes: Uint8Array
}

/** Objects in this process, gone with it. Sets no timer and draws no randomness, so simulations may use it. */
export class MemoryObjectStore implements ObjectStore {
  readonly #schemes: readonly string[]
  readonly #objects = new Map<string, MemoryObject>()
  readonly #uris = new SortedNames()
  #lastGeneration = 0

  constructor(options: MemoryObjectStoreOptions = {}) {
    this.#schemes = options.schemes ?? ['memory']
  }

  async stat(uri: string): Promise<ObjectInfo | undefined> {
    return this.#objects.get(this.#checked(uri))?.info
  }

  async read(uri: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const { bytes, info } = this.#find(uri)
    if (options.generation !== undefined && options.generation !== info.generation) throw new ObjectNotFoundError(uri)
    return bytes.slice(options.start ?? 0, options.end)
  }

  async write(uri: string, body: Uint8Array | string, options: WriteOptions = {}): Promise<ObjectInfo> {
    return this.#put(uri, typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body), options)
  }

  async upload(path: string, uri: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const isExecutable = ((await stat(path)).mode & 0o100) !== 0
    return this.#put(uri, new Uint8Array(await readFile(path)), options, isExecutable)
  }

  async download(uri: string, path: string, options: Pick<ReadOptions, 'generation'> = {}): Promise<void> {
    await writeFile(path, await this.read(uri, options))
  }

  async copy(from: string, to: string, options: WriteOptions = {}): Promise<ObjectInfo> {
    const { bytes, info } = this.#find(from)
    return this.#put(to, bytes, options, info.isExecutable)
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    let uri = this.#uris.notBefore(this.#checked(prefix))
    while (uri?.startsWith(prefix)) {
      const object = this.#objects.get(uri)
      if (object !== undefined) yield object.info
      uri = this.#uris.after(uri)
    }
  }

  async delete(uri: string): Promise<void> {
    if (this.#objects.delete(this.#checked(uri))) this.#uris.delete(uri)
  }

  #find(uri: string): MemoryObject {
    const object = this.#objects.get(this.#checked(uri))
    if (object === undefined) throw new ObjectNotFoundError(uri)
    return object
  }

  #put(uri: string, bytes: Uint8Array, { ifGeneration }: WriteOptions, isExecutable = false): ObjectInfo {
    const current = this.#objects.get(this.#checked(uri))?.info.generation ?? '0'
    if (ifGeneration !== undefined && ifGeneration !== current) throw new PreconditionFailedError(uri)
    const generation = String(++this.#lastGeneration)
    const plain = { uri, sizeBytes: bytes.length, generation, crc32c: crc32cOf(bytes) }
    const info = isExecutable ? { ...plain, isExecutable } : plain
    this.#objects.set(uri, { info, bytes })
    if (current === '0') this.#uris.add(uri)
    return info
  }

  #checked(uri: string): string {
    const scheme = schemeOf(uri)
    if (!this.#schemes.includes(scheme)) throw new Error(`${uri} is not kept here: this store has ${this.#schemes}://`)
    return uri
  }
}
