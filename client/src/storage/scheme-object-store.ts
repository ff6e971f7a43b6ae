import type { FileObjectStore } from './file-object-store.ts'
import {
  type ObjectInfo,
  ObjectNotFoundError,
  type ObjectStore,
  type ReadOptions,
  type WriteOptions,
} from './object-store.ts'
import { filePathOf, schemeOf } from './object-uri.ts'

export interface SchemeStores {
  readonly gs?: ObjectStore | undefined
  readonly file?: FileObjectStore | undefined
  readonly memory?: ObjectStore | undefined
}

/**
 * One store for URIs of several schemes; copies go from any scheme to any.
 *
 * @example
 * const objects = routeByScheme({ gs: new GcsObjectStore(), file: new FileObjectStore() })
 * await objects.copy('gs://bucket/words.txt', 'file:///tmp/words.txt')
 */
export function routeByScheme(stores: SchemeStores): SchemeObjectStore {
  return new SchemeObjectStore(stores)
}

export class SchemeObjectStore implements ObjectStore {
  readonly #stores: SchemeStores

  constructor(stores: SchemeStores) {
    this.#stores = stores
  }

  async stat(uri: string): Promise<ObjectInfo | undefined> {
    return this.#storeOf(uri).stat(uri)
  }

  async read(uri: string, options?: ReadOptions): Promise<Uint8Array> {
    return this.#storeOf(uri).read(uri, options)
  }

  async write(uri: string, body: Uint8Array | string, options?: WriteOptions): Promise<ObjectInfo> {
    return this.#storeOf(uri).write(uri, body, options)
  }

  async upload(path: string, uri: string, options?: WriteOptions): Promise<ObjectInfo> {
    return this.#storeOf(uri).upload(path, uri, options)
  }

  async download(uri: string, path: string, options?: Pick<ReadOptions, 'generation'>): Promise<void> {
    return this.#storeOf(uri).download(uri, path, options)
  }

  async copy(from: string, to: string, options?: WriteOptions): Promise<ObjectInfo> {
    const source = this.#storeOf(from)
    const target = this.#storeOf(to)
    if (source === target) return source.copy(from, to, options)
    if (target === this.#stores.file)
      return this.#stores.file.create(to, (part) => source.download(from, part), options)
    if (source === this.#stores.file) {
      if ((await source.stat(from)) === undefined) throw new ObjectNotFoundError(from)
      return target.upload(filePathOf(from), to, options)
    }
    return target.write(to, await source.read(from), options)
  }

  list(prefix: string): AsyncIterable<ObjectInfo> {
    return this.#storeOf(prefix).list(prefix)
  }

  async delete(uri: string): Promise<void> {
    return this.#storeOf(uri).delete(uri)
  }

  #storeOf(uri: string): ObjectStore {
    const scheme = schemeOf(uri)
    const store = Object.entries(this.#stores).find(([name]) => name === scheme)?.[1]
    if (store !== undefined) return store
    throw new Error(`${uri} cannot be reached: no store for ${scheme}:// is set up here`)
  }
}
