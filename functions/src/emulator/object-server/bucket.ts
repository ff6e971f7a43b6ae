import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { problemOfObjectName, SortedNames } from 'graupel/storage'
import { type BucketSettings, readSettings, writeSettings } from './bucket-settings.ts'
import { GoogleError, invalidRequest, objectNotFound } from './google-error.ts'
import { Journal } from './journal.ts'
import { check, type Preconditions } from './preconditions.ts'
import type { ObjectFields, StoredBytes, StoredObject } from './stored-object.ts'

const settingsName = 'bucket.json'

/** One bucket: its objects in memory, their bytes in a file each. Changes take effect in one step, without waiting. */
export class Bucket {
  readonly name: string
  readonly createdAt: string
  readonly #folder: string
  readonly #journal: Journal
  readonly #objects: Map<string, StoredObject>
  readonly names: SortedNames
  #settings: BucketSettings
  #lastGeneration: number

  private constructor(
    name: string,
    createdAt: Date,
    folder: string,
    journal: Journal,
    objects: Map<string, StoredObject>,
    settings: BucketSettings,
  ) {
    this.name = name
    this.createdAt = createdAt.toISOString()
    this.#folder = folder
    this.#journal = journal
    this.#objects = objects
    this.#settings = settings
    this.names = new SortedNames(objects.keys())
    this.#lastGeneration = 0
    for (const { generation } of objects.values()) this.#lastGeneration = Math.max(this.#lastGeneration, generation)
  }

  static async open(name: string, folder: string): Promise<Bucket> {
    await mkdir(join(folder, 'data'), { recursive: true })
    const { journal, objects } = await Journal.open(join(folder, 'objects.jsonl'))
    const referenced = new Set([...objects.values()].map(({ data }) => data))
    for (const file of await readdir(join(folder, 'data'))) {
      if (!referenced.has(file)) await rm(join(folder, 'data', file))
    }
    const settings = await readSettings(join(folder, settingsName))
    return new Bucket(name, (await stat(folder)).birthtime, folder, journal, objects, settings)
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0
  }

  get requesterPays(): boolean {
    return this.#settings.billing?.requesterPays ?? false
  }

  /** What is not named stays. */
  async configure(settings: BucketSettings): Promise<void> {
    this.#settings = { ...this.#settings, ...settings }
    await writeSettings(join(this.#folder, settingsName), this.#settings)
  }

  find(name: string): StoredObject | undefined {
    return this.#objects.get(name)
  }

  /** The live object, which has the generation asked for. @throws GoogleError 404 */
  get(name: string, generation?: number): StoredObject {
    const object = this.#objects.get(name)
    if (object === undefined || (generation ?? object.generation) !== object.generation) {
      throw objectNotFound(this.name, name)
    }
    return object
  }

  /** A name for the bytes of an object to be. */
  newData(): string {
    return randomUUID()
  }

  pathOf(data: string): string {
    return join(this.#folder, 'data', data)
  }

  /** The live object and its bytes, which stay readable when it is replaced meanwhile. */
  async openObject(name: string, generation?: number): Promise<{ object: StoredObject; file: FileHandle }> {
    for (;;) {
      const object = this.get(name, generation)
      try {
        return { object, file: await open(this.pathOf(object.data)) }
      } catch (error) {
        if (this.#objects.get(name)?.data === object.data) throw error
      }
    }
  }

  /** Makes the bytes the object, or removes them. */
  async create(name: string, bytes: StoredBytes, fields: ObjectFields, wanted: Preconditions): Promise<StoredObject> {
    try {
      const problem = problemOfObjectName(name)
      if (problem !== undefined) throw invalidRequest(`Invalid object name: ${problem}`)
      check(this.#objects.get(name), wanted, 'write')
    } catch (error) {
      await this.discard(bytes.data)
      throw error
    }
    const now = new Date()
    const generation = Math.max(this.#lastGeneration + 1, now.getTime() * 1000)
    this.#lastGeneration = generation
    const at = now.toISOString()
    return this.#put({ name, generation, metageneration: 1, ...bytes, createdAt: at, updatedAt: at, fields })
  }

  /** Changes the fields of the live object, not its bytes. */
  async update(name: string, fields: ObjectFields, wanted: Preconditions, generation?: number): Promise<StoredObject> {
    const object = this.get(name, generation)
    check(object, wanted, 'write')
    const updatedAt = new Date().toISOString()
    return this.#put({ ...object, metageneration: object.metageneration + 1, updatedAt, fields })
  }

  async delete(name: string, wanted: Preconditions, generation?: number): Promise<void> {
    const object = this.get(name, generation)
    check(object, wanted, 'write')
    this.#objects.delete(name)
    this.names.delete(name)
    await this.#journal.append({ delete: name })
    await this.discard(object.data)
  }

  async discard(data: string): Promise<void> {
    await unlink(this.pathOf(data)).catch(() => undefined)
  }

  close(): Promise<void> {
    return this.#journal.close()
  }

  async remove(): Promise<void> {
    if (!this.isEmpty) throw new GoogleError(409, 'conflict', 'The bucket you tried to delete is not empty.')
    await this.close()
    await rm(this.#folder, { recursive: true })
  }

  async #put(object: StoredObject): Promise<StoredObject> {
    const replaced = this.#objects.get(object.name)
    this.#objects.set(object.name, object)
    if (replaced === undefined) this.names.add(object.name)
    await this.#journal.append({ put: object })
    if (replaced !== undefined && replaced.data !== object.data) await this.discard(replaced.data)
    return object
  }
}
