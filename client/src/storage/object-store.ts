/** One stored object. `generation` changes whenever its content is replaced. */
export interface ObjectInfo {
  readonly uri: string
  readonly sizeBytes: number
  readonly generation: string
  /** Base64 of the big-endian CRC32C, as Cloud Storage gives it. */
  readonly crc32c: string
  /** It was uploaded from a file that may be run, and a download does not give that right back by itself. */
  readonly isExecutable?: boolean | undefined
}

export interface WriteOptions {
  /** Write only if the object's generation is this; `'0'`: only if there is no such object. */
  readonly ifGeneration?: string | undefined
}

export interface ReadOptions {
  /** Read this generation; it is an error if the object has another by now. */
  readonly generation?: string | undefined
  /** First byte. Default 0. */
  readonly start?: number | undefined
  /** First byte no longer read. Default: the end. */
  readonly end?: number | undefined
}

/**
 * Objects by URI: `gs://bucket/name`, `file:///path` or `memory:///name`. An object appears whole or not at all, and a
 * read that follows a write sees it. A precondition is checked and acted on atomically.
 */
export interface ObjectStore {
  /** `undefined` if there is no such object. */
  stat(uri: string): Promise<ObjectInfo | undefined>
  /** @throws ObjectNotFoundError */
  read(uri: string, options?: ReadOptions): Promise<Uint8Array>
  /**
   * Something empty whose name ends with `/` stands for an empty folder.
   * @throws PreconditionFailedError if `ifGeneration` does not hold
   */
  write(uri: string, body: Uint8Array | string, options?: WriteOptions): Promise<ObjectInfo>
  /** Stores the local file at `path`. May link instead of copying: the file must not change afterwards. */
  upload(path: string, uri: string, options?: WriteOptions): Promise<ObjectInfo>
  /** Puts the object at the local `path`, whose folder exists. Verifies its checksum. May link: the file is read-only then. */
  download(uri: string, path: string, options?: Pick<ReadOptions, 'generation'>): Promise<void>
  copy(from: string, to: string, options?: WriteOptions): Promise<ObjectInfo>
  /** All objects whose URI begins with `prefix`, in the order of their URIs. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  /** No error if there is none. */
  delete(uri: string): Promise<void>
}

export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError'
  readonly uri: string
  constructor(uri: string, options?: ErrorOptions) {
    super(`there is no object ${uri}`, options)
    this.uri = uri
  }
}

export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError'
  readonly uri: string
  constructor(uri: string, options?: ErrorOptions) {
    super(`${uri} has another generation than expected`, options)
    this.uri = uri
  }
}
