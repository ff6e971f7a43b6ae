import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type StoredObject, storedObjectSchema } from './stored-object.ts'

const entrySchema = z.union([z.object({ put: storedObjectSchema }), z.object({ delete: z.string() })])
export type JournalEntry = z.infer<typeof entrySchema>

/**
 * A bucket's objects as a file of changes, one per line. Changes made while one is being written go together in the next
 * write, so that many small objects cost few of them.
 */
export class Journal {
  readonly #file: FileHandle
  #waiting: string[] = []
  #writing: Promise<void> | undefined

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** What the changes at `path` amount to. The file is written anew, without what has been replaced. */
  static async open(path: string): Promise<{ journal: Journal; objects: Map<string, StoredObject> }> {
    const objects = await replay(path)
    const lines = [...objects.values()].map((object) => lineOf({ put: object }))
    await writeFile(`${path}.new`, lines.join(''))
    await rename(`${path}.new`, path)
    return { journal: new Journal(await open(path, 'a')), objects }
  }

  /** Resolves when the change is in the file. */
  async append(entry: JournalEntry): Promise<void> {
    this.#waiting.push(lineOf(entry))
    await this.#writing
    if (this.#waiting.length > 0) this.#writing ??= this.#writeWaiting()
    await this.#writing
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting.join('')
    this.#waiting = []
    try {
      await this.#file.appendFile(lines)
    } finally {
      this.#writing = undefined
    }
  }
}

function lineOf(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`
}

async function replay(path: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>()
  const lines = createInterface({ input: createReadStream(path, { flags: 'a+' }), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const entry = parseLine(line)
    if (entry === undefined) continue
    if ('put' in entry) objects.set(entry.put.name, entry.put)
    else objects.delete(entry.delete)
  }
  return objects
}

/** A line that a crash cut short was never confirmed to anybody. */
function parseLine(line: string): JournalEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
