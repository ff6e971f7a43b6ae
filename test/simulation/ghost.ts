import { type Manifest, manifestSchema, objectPaths } from 'graupel/model'
import type { MemoryObjectStore } from 'graupel/storage'
import { type JobPlan, outputPath, outputText } from './workload.ts'
import type { World } from './world.ts'

export interface Container {
  readonly job: JobPlan
  readonly attempt: number
  readonly machine: { readonly name: string; readonly wasFrozen: boolean }
  isAlive: boolean
  exitCode: number | undefined
  endedAt: number | undefined
}

/** What has really happened on the machines, whatever the records say. */
export class Ghost {
  readonly #world: World
  readonly #objects: MemoryObjectStore
  readonly #containers: Container[] = []
  readonly #failed = new Map<string, number>()
  readonly #started = new Set<string>()
  /** The attempt whose files stand for each job that has succeeded. */
  readonly #winners = new Map<JobPlan, number>()

  constructor(world: World, objects: MemoryObjectStore) {
    this.#world = world
    this.#objects = objects
  }

  get starts(): number {
    return this.#started.size
  }

  containerStarts(job: JobPlan, attempt: number, machine: Container['machine']): Container {
    const key = `${job.name}#${attempt}`
    this.#world.note(`${machine.name} starts ${key}`)
    const others = this.#containers.filter((other) => other.isAlive && other.job === job)
    for (const other of others)
      if (!other.machine.wasFrozen && !machine.wasFrozen)
        this.#world.violate(
          `two containers of ${job.name} at once: attempt ${other.attempt} on ${other.machine.name}, ${attempt} on ${machine.name}`,
        )
    if (this.#started.has(key)) this.#world.violate(`attempt ${key} was started twice`)
    this.#started.add(key)
    const container: Container = { job, attempt, machine, isAlive: true, exitCode: undefined, endedAt: undefined }
    this.#containers.push(container)
    return container
  }

  containerEnds(container: Container, how: string, exitCode: number | undefined): void {
    if (!container.isAlive) return
    container.isAlive = false
    container.exitCode = exitCode
    container.endedAt = this.#world.now()
    this.#world.note(`${container.machine.name} ends ${container.job.name}#${container.attempt}: ${how}`)
  }

  /** The exit code of commands that have come to their end. */
  exitCode(job: JobPlan): number {
    const failed = this.#failed.get(job.name) ?? 0
    if (failed >= job.failures) return 0
    this.#failed.set(job.name, failed + 1)
    return 1
  }

  /** When this attempt was last seen running; `undefined` if it never was. */
  lastRunAt(name: string, attempt: number): number | undefined {
    const ran = this.#containers.find((one) => one.job.name === name && one.attempt === attempt)
    return ran?.isAlive === true ? this.#world.now() : ran?.endedAt
  }

  aliveOf(batch: string): Container[] {
    return this.#containers.filter((container) => container.isAlive && container.job.batch === batch)
  }

  /** A success is true if its manifest names the job's own bytes, and they lie where the user wants them. */
  async checkSuccess(job: JobPlan, number: number, root: string): Promise<void> {
    if (job.isBarrier) return
    const manifest = await this.#manifest(root, number)
    if (manifest === undefined) return this.#world.violate(`${job.name} succeeded without a manifest`)
    const files = manifest.outputs[outputPath(job.name)]?.files ?? []
    if (manifest.job !== number || files.length !== 1)
      this.#world.violate(`${job.name} succeeded with the manifest of another job, or without its file`)
    this.#winners.set(job, manifest.attempt)
    const ran = this.#containers.find((one) => one.job === job && one.attempt === manifest.attempt)
    if (ran?.exitCode !== 0)
      this.#world.violate(`${job.name} succeeded by attempt ${manifest.attempt}, whose commands did not`)
    for (const file of files) await this.#checkBytes(job, file.uri, manifest.attempt, `the file of its manifest`)
    if (job.destination !== undefined) await this.#checkBytes(job, job.destination, manifest.attempt, 'its destination')
  }

  /** Nobody has written over what a success has left, however late. */
  async checkDestinations(): Promise<void> {
    for (const [job, attempt] of this.#winners)
      if (job.destination !== undefined)
        await this.#checkBytes(job, job.destination, attempt, 'in the end its destination')
  }

  /** What a job reads of a parent must be what the parent's manifest names. */
  checkInput(reader: JobPlan, path: string, text: string): void {
    const maker = path.split('/')[0] ?? ''
    if (!text.startsWith(`${maker} by attempt `)) this.#world.violate(`${reader.name} read '${text}' at ${path}`)
  }

  async #manifest(root: string, number: number): Promise<Manifest | undefined> {
    const text = await this.#read(objectPaths.manifest(root, number))
    return text === undefined ? undefined : manifestSchema.parse(JSON.parse(text))
  }

  async #checkBytes(job: JobPlan, uri: string, attempt: number, what: string): Promise<void> {
    const text = await this.#read(uri)
    if (text !== outputText(job.name, attempt))
      this.#world.violate(`${job.name} succeeded by attempt ${attempt}, but ${what} holds '${text}'`)
  }

  async #read(uri: string): Promise<string | undefined> {
    if ((await this.#objects.stat(uri)) === undefined) return undefined
    return new TextDecoder().decode(await this.#objects.read(uri))
  }
}
