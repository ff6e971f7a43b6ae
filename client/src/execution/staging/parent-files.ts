import { type Manifest, objectPaths } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { parseManifest, readManifest } from '../attempt/read-manifest.ts'

/** What a parent has left: the files of its winner, or of an attempt that failed. */
export interface LeftFiles {
  readonly outputs: Manifest['outputs']
  readonly values?: Manifest['values']
  readonly isCommitted: boolean
}

/** The files of the parents of one job, each looked up once. */
export class ParentFiles {
  readonly #context: AttemptContext
  readonly #byJob = new Map<number, Promise<LeftFiles | undefined>>()

  constructor(context: AttemptContext) {
    this.#context = context
  }

  of(job: number): Promise<LeftFiles | undefined> {
    const known = this.#byJob.get(job) ?? this.#find(job)
    this.#byJob.set(job, known)
    return known
  }

  /** Only a job that always runs can have a parent without manifest, and gets what its newest attempt left. */
  async #find(job: number): Promise<LeftFiles | undefined> {
    const manifest = await readManifest(this.#context, job)
    if (manifest !== undefined) return { ...manifest, isCommitted: true }
    if (!this.#context.assignment.template.alwaysRun) return undefined
    const partial = await this.#newestPartial(job)
    return partial && { outputs: partial.outputs, isCommitted: false }
  }

  async #newestPartial(job: number): Promise<Manifest | undefined> {
    const { objects, io } = this.#context
    const uri = await io(`Looking for what job ${job} left`, () => this.#newestPartialUri(job))
    if (uri === undefined) return undefined
    return parseManifest(await io(`Reading ${uri}`, () => objects.read(uri)))
  }

  async #newestPartialUri(job: number): Promise<string | undefined> {
    const { objects, assignment } = this.#context
    const prefix = objectPaths.attempt(assignment.root, job, 0).slice(0, -1)
    let newest = 0
    for await (const { uri } of objects.list(prefix)) {
      const [attempt, name] = uri.slice(prefix.length).split('/')
      if (name === 'partial.json') newest = Math.max(newest, Number(attempt))
    }
    return newest === 0 ? undefined : objectPaths.partial(assignment.root, job, newest)
  }
}
