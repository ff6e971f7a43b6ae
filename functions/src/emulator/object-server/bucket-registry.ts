import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from './bucket.ts'
import { GoogleError, invalidRequest } from './google-error.ts'

/** https://cloud.google.com/storage/docs/buckets#naming (2026-11), less the rules about single components of dotted names. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/

/** All buckets: one folder each. */
export class BucketRegistry {
  readonly #folder: string
  readonly #buckets: Map<string, Bucket>
  readonly #creating = new Set<string>()

  private constructor(folder: string, buckets: Map<string, Bucket>) {
    this.#folder = folder
    this.#buckets = buckets
  }

  static async open(folder: string): Promise<BucketRegistry> {
    await mkdir(folder, { recursive: true })
    const buckets = new Map<string, Bucket>()
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || !BUCKET_NAME.test(entry.name)) continue
      buckets.set(entry.name, await Bucket.open(entry.name, join(folder, entry.name)))
    }
    return new BucketRegistry(folder, buckets)
  }

  get(name: string): Bucket {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) throw new GoogleError(404, 'notFound', `The specified bucket does not exist: ${name}`)
    return bucket
  }

  has(name: string): boolean {
    return this.#buckets.has(name)
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async create(name: string): Promise<Bucket> {
    if (!BUCKET_NAME.test(name)) throw invalidRequest(`Invalid bucket name: '${name}'`)
    if (this.has(name) || this.#creating.has(name)) throw bucketExists()
    this.#creating.add(name)
    try {
      const bucket = await Bucket.open(name, join(this.#folder, name))
      this.#buckets.set(name, bucket)
      return bucket
    } finally {
      this.#creating.delete(name)
    }
  }

  async delete(name: string): Promise<void> {
    await this.get(name).remove()
    this.#buckets.delete(name)
  }

  async close(): Promise<void> {
    for (const bucket of this.#buckets.values()) await bucket.close()
  }
}

function bucketExists(): GoogleError {
  return new GoogleError(409, 'conflict', 'The requested bucket name is not available: you already own it.')
}
