import {
  type AttemptHooks,
  ChooseSandbox,
  ContainerSandbox,
  DiskWatch,
  ProcessSandbox,
  pickHostEnvironment,
  runAttempt,
  systemClock,
  UsageSampler,
  WorkerLogs,
} from 'graupel/execution'
import type { Assignment, AttemptEnd } from 'graupel/model'
import { FileObjectStore, GcsObjectStore, type ObjectStore, routeByScheme } from 'graupel/storage'
import type { WorkerConfig } from './config.ts'
import type { Metadata } from './metadata.ts'
import { registryAuthOf } from './registry-auth.ts'

/** As long as ends wait for company on their way to the service: most logs then share their objects too. */
const logLingerMs = 50

/** Runs attempts on this machine: containers where the job has an image, processes where it has none. */
export class Attempts {
  readonly #config: WorkerConfig
  readonly #metadata: Metadata | undefined
  readonly #diskWatch: DiskWatch
  readonly #hostEnvironment: Readonly<Record<string, string>>
  readonly #usage = new UsageSampler(systemClock)
  /** By the project that pays for requests; empty for the one that pays by itself. */
  readonly #homes = new Map<string, Home>()

  constructor(
    config: WorkerConfig,
    metadata: Metadata | undefined,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.#config = config
    this.#metadata = metadata
    this.#diskWatch = new DiskWatch(config.scratch, systemClock)
    this.#hostEnvironment = pickHostEnvironment(environment)
  }

  run(assignment: Assignment, hooks: AttemptHooks): Promise<AttemptEnd> {
    const { graceMs, explainMs, slowestFlushMs } = this.#config
    const { objects, sandbox, logs } = this.#homeOf(assignment.template.requesterPaysProject)
    const manners = { graceMs, explainMs, slowestFlushMs }
    return runAttempt(assignment, {
      objects,
      sandbox,
      logs,
      usage: this.#usage,
      clock: systemClock,
      ...manners,
      ...hooks,
    })
  }

  async close(): Promise<void> {
    await this.#usage.close()
    await Promise.all([...this.#homes.values()].flatMap(({ processes, logs }) => [processes.close(), logs.close()]))
  }

  #homeOf(payer: string | undefined): Home {
    const home = this.#homes.get(payer ?? '') ?? this.#makeHome(payer)
    this.#homes.set(payer ?? '', home)
    return home
  }

  #makeHome(payer: string | undefined): Home {
    const gs = new GcsObjectStore({
      project: this.#config.project,
      ...(payer === undefined ? {} : { userProjectOf: () => payer }),
    })
    const objects = routeByScheme({ gs, file: new FileObjectStore() })
    const { agent, scratch } = this.#config
    const shared = { objects, clock: systemClock, agent, scratch, diskWatch: this.#diskWatch }
    const processes = new ProcessSandbox({ ...shared, hostEnvironment: this.#hostEnvironment })
    const containers = new ContainerSandbox({
      ...shared,
      imageRefreshMs: this.#config.imageRefreshMs,
      authOf: (image) => registryAuthOf(image, this.#metadata),
    })
    const logs = new WorkerLogs({ ...shared, lingerMs: logLingerMs })
    return { objects, processes, logs, sandbox: new ChooseSandbox(containers, processes) }
  }
}

interface Home {
  readonly objects: ObjectStore
  readonly processes: ProcessSandbox
  readonly logs: WorkerLogs
  readonly sandbox: ChooseSandbox
}
