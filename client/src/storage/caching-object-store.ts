import type { DownloadCache } from './download-cache.ts'
import {
  type ObjectInfo,
  ObjectNotFoundError,
  type ObjectStore,
  type ReadOptions,
  type WriteOptions,
} from './object-store.ts'
import { schemeOf } from './object-uri.ts'

/** A store whose downloads from Cloud Storage come once to this machine, however many of its jobs read an object. */
export class CachingObjectStore implements ObjectStore {
  readonly #store: ObjectStore
  readonly #cache: DownloadCache

  constructor(store: ObjectStore, cache: DownloadCache) {
    this.#store = store
    this.#cache = cache
  }

  async download(uri: string, path: string, options: Pick<ReadOptions, 'generation'> = {}): Promise<void> {
    if (schemeOf(uri) !== 'gs') return this.#store.download(uri, path, options)
    const generation = options.generation ?? (await this.#newestOf(uri))
    await this.#cache.give(`${uri}#${generation}`, path, (place) => this.#store.download(uri, place, { generation }))
  }

  stat(uri: string): Promise<ObjectInfo | undefined> {
    return this.#store.stat(uri)
  }

  read(uri: string, options?: ReadOptions): Promise<Uint8Array> {
    return this.#store.read(uri, options)
  }

  write(uri: string, body: Uint8Array | string, options?: WriteOptions): Promise<ObjectInfo> {
    return this.#store.write(uri, body, options)
  }

  upload(path: string, uri: string, options?: WriteOptions): Promise<ObjectInfo> {
    return this.#store.upload(path, uri, options)
  }

  copy(from: string, to: string, options?: WriteOptions): Promise<ObjectInfo> {
    return this.#store.copy(from, to, options)
  }

  list(prefix: string): AsyncIterable<ObjectInfo> {
    return this.#store.list(prefix)
  }

  delete(uri: string): Promise<void> {
    return this.#store.delete(uri)
  }

  async #newestOf(uri: string): Promise<string> {
    const info = await this.#store.stat(uri)
    if (info === undefined) throw new ObjectNotFoundError(uri)
    return info.generation
  }
}
