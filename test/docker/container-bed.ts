import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import {
  type AttemptOptions,
  ContainerSandbox,
  type ContainerSandboxOptions,
  removeContainersOf,
  runAttempt,
  systemClock,
} from 'graupel/execution'
import type { AttemptEnd } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { assignmentOf, type JobUnderTest, root } from '../execution/attempt-bed.ts'
import { docker } from './tiny-image.ts'

/** A machine with Docker, a scratch folder and a store of objects, and attempts that run in containers of one image. */
export class ContainerBed {
  readonly objects = new MemoryObjectStore({ schemes: ['memory', 'gs'] })
  readonly aborter = new AbortController()
  readonly agent = `agent-${crypto.randomUUID()}`
  readonly scratch: string
  readonly #image: string

  constructor(scratch: string, image: string) {
    this.scratch = scratch
    this.#image = image
  }

  static async make({ image }: { image: string }): Promise<ContainerBed> {
    return new ContainerBed(await mkdtemp(join(tmpdir(), 'graupel-container-')), image)
  }

  run(job: JobUnderTest, options: Partial<AttemptOptions & ContainerSandboxOptions> = {}): Promise<AttemptEnd> {
    const { objects, aborter, agent } = this
    const template = { image: this.#image, memoryBytes: 2 ** 26, ...job.template }
    return runAttempt(assignmentOf({ shell: '/bin/sh', ...job, template }), {
      objects,
      sandbox: new ContainerSandbox({
        scratch: this.attempts,
        objects,
        clock: systemClock,
        agent,
        connect: async () => docker,
        ...options,
      }),
      signal: aborter.signal,
      clock: systemClock,
      graceMs: 200,
      ...options,
    })
  }

  get attempts(): string {
    return join(this.scratch, 'attempts')
  }

  async log(job = 1, attempt = 1): Promise<string> {
    const { chunks } = await findLog(this.objects, { root, job, attempt })
    return Buffer.concat(await Array.fromAsync(chunks())).toString()
  }

  /** @throws if a container or a folder of an attempt is left */
  async close(): Promise<void> {
    const containers = await removeContainersOf(docker, this.agent)
    const folders = await readdir(this.attempts).catch(() => [])
    await rm(this.scratch, { recursive: true, force: true })
    if (containers > 0) throw new Error(`${containers} containers are left`)
    if (folders.length > 0) throw new Error(`folders are left: ${folders.join(', ')}`)
  }
}
