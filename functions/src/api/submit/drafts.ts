import { createHash } from 'node:crypto'
import { ObjectNotFoundError, type ObjectStore, PreconditionFailedError } from 'graupel/storage'
import { z } from 'zod'
import { type HailJob, hailJobSchema } from './hail-job.ts'
import { hailBatchSchema, hailUpdateSchema } from './hail-submission.ts'
import { conflict } from './refuse.ts'

/** What was announced and is not committed yet: a new batch, or an update of one. */
export const draftSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('batch'), user: z.string(), batch: hailBatchSchema }),
  z.object({ kind: z.literal('update'), user: z.string(), update: hailUpdateSchema }),
])
export type Draft = z.infer<typeof draftSchema>

/** The first jobs of a batch. */
export const firstUpdate = 1

/** The number of a later update: of its token, so that a repeated request gets the same one. */
export function updateNumberOf(token: string): number {
  const digest = createHash('sha256').update(token).digest()
  return firstUpdate + 1 + digest.readUIntBE(0, 5)
}

/**
 * Submissions that come in several requests, as objects below their batch's folder, outside of scratch: they are durable
 * and nobody sees them, and they go when they are committed, or with their batch.
 */
export class Drafts {
  readonly #objects: ObjectStore

  constructor(objects: ObjectStore) {
    this.#objects = objects
  }

  /** Repeating it is harmless. @throws HTTPException 409 if something else was announced under this token */
  async open(root: string, update: number, draft: Draft): Promise<void> {
    const text = JSON.stringify(draft)
    try {
      await this.#objects.write(announcement(root, update), text, { ifGeneration: '0' })
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error
      const known = await this.find(root, update)
      if (JSON.stringify(known) !== text)
        throw conflict('this token has announced something else before; give every submission its own token')
    }
  }

  async find(root: string, update: number): Promise<Draft | undefined> {
    const found = await this.#readJson(announcement(root, update))
    return found === undefined ? undefined : draftSchema.parse(found)
  }

  /** A repeated bunch is the same object. */
  async addBunch(root: string, update: number, jobs: readonly HailJob[]): Promise<void> {
    const text = JSON.stringify(jobs)
    const name = createHash('sha256').update(text).digest('hex')
    await this.#objects.write(`${bunches(root, update)}${name}`, text)
  }

  /** Not all that were sent, once a commit at the same time has removed some. */
  async jobsOf(root: string, update: number): Promise<HailJob[]> {
    const jobs: HailJob[] = []
    for await (const { uri } of this.#objects.list(bunches(root, update)))
      for (const job of z.array(hailJobSchema).parse((await this.#readJson(uri)) ?? [])) jobs.push(job)
    return jobs
  }

  /** What is committed lies in the plan. The announcement goes last: without it nothing can be committed. */
  async remove(root: string, update: number): Promise<void> {
    const found = await Array.fromAsync(this.#objects.list(bunches(root, update)))
    await Promise.all(found.map(({ uri }) => this.#objects.delete(uri)))
    await this.#objects.delete(announcement(root, update))
  }

  async #readJson(uri: string): Promise<unknown> {
    try {
      return JSON.parse(new TextDecoder().decode(await this.#objects.read(uri)))
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return undefined
      throw error
    }
  }
}

const folder = (root: string, update: number) => `${root}/submission/${update}`
const announcement = (root: string, update: number) => `${folder(root, update)}/announced.json`
const bunches = (root: string, update: number) => `${folder(root, update)}/bunches/`
