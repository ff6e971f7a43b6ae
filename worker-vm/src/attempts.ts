import { join } from 'node:path'
import {
  type AttemptHooks,
  ChooseSandbox,
  ContainerSandbox,
  ProcessSandbox,
  pickHostEnvironment,
  runAttempt,
  systemClock,
} from 'graupel/execution'
import type { Assignment, AttemptEnd } from 'graupel/model'
import {
  CachingObjectStore,
  DownloadCache,
  FileObjectStore,
  GcsObjectStore,
  routeByScheme,
  type StoreOfPayer,
  storePerPayer,
} from 'graupel/storage'
import type { WorkerConfig } from './config.ts'
import type { Metadata } from './metadata.ts'
import { registryAuthOf } from './registry-auth.ts'

export interface AttemptsOptions {
  readonly config: WorkerConfig
  readonly metadata: Metadata | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What inputs may take of the disk that are kept for other jobs. */
  readonly cacheBytes: number
}

/** Runs attempts on this machine: containers where the job has an image, processes where it has none. */
export class Attempts {
  readonly #config: WorkerConfig
  readonly #processes: ProcessSandbox
  readonly #sandbox: ChooseSandbox
  readonly #objectsOf: StoreOfPayer

  constructor({ config, metadata, environment, cacheBytes }: AttemptsOptions) {
    this.#config = config
    const { name: agent, project, scratch } = config
    const file = new FileObjectStore()
    const cache = new DownloadCache({ folder: join(scratch, 'cache'), maxBytes: cacheBytes })
    this.#objectsOf = storePerPayer((payer) => {
      const gs = new GcsObjectStore({ project, userProjectOf: () => payer })
      return new CachingObjectStore(routeByScheme({ gs, file }), cache)
    })
    const place = { objects: this.#objectsOf(undefined), clock: systemClock, agent, scratch }
    this.#processes = new ProcessSandbox({ ...place, hostEnvironment: pickHostEnvironment(environment) })
    const containers = new ContainerSandbox({
      ...place,
      mountsFolder: config.mountsFolder,
      user: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      authOf: (image) => registryAuthOf(image, metadata),
    })
    this.#sandbox = new ChooseSandbox(containers, this.#processes)
  }

  run(assignment: Assignment, hooks: AttemptHooks): Promise<AttemptEnd> {
    const { graceMs, explainMs } = this.#config
    const objects = this.#objectsOf(assignment.template.requesterPaysProject)
    return runAttempt(assignment, { objects, sandbox: this.#sandbox, clock: systemClock, graceMs, explainMs, ...hooks })
  }

  close(): Promise<void> {
    return this.#processes.close()
  }
}
