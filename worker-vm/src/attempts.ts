import { join } from 'node:path'
import {
  type AttemptHooks,
  ChooseSandbox,
  type ContainerAccelerators,
  ContainerSandbox,
  DiskWatch,
  ProcessSandbox,
  pickHostEnvironment,
  runAttempt,
  systemClock,
  UsageSampler,
  type WorkerLog,
  WorkerLogs,
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

/** As long as ends wait for company on their way to the service: most logs then share their objects too. */
const logLingerMs = 50

export interface AttemptsOptions {
  readonly config: WorkerConfig
  readonly metadata: Metadata | undefined
  readonly log: WorkerLog
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What containers of jobs are told, beside their own environment. */
  readonly jobEnvironment: Readonly<Record<string, string>>
  /** What inputs may take of the disk that are kept for other jobs. */
  readonly cacheBytes: number
  readonly accelerators: ContainerAccelerators | undefined
}

/** Runs attempts on this machine: in containers where there is an image for the job, as processes where there is none. */
export class Attempts {
  readonly #config: WorkerConfig
  readonly #log: WorkerLog
  readonly #usage = new UsageSampler(systemClock)
  readonly #processes: ProcessSandbox
  readonly #sandbox: ChooseSandbox
  readonly #objectsOf: StoreOfPayer
  readonly #logs = new Map<string | undefined, WorkerLogs>()

  constructor({ config, metadata, log, environment, jobEnvironment, cacheBytes, accelerators }: AttemptsOptions) {
    this.#config = config
    this.#log = log
    const { agent, project, scratch } = config
    const file = new FileObjectStore()
    const cache = new DownloadCache({ folder: join(scratch, 'cache'), maxBytes: cacheBytes })
    this.#objectsOf = storePerPayer((payer) => {
      const gs = new GcsObjectStore({ project, userProjectOf: () => payer })
      return new CachingObjectStore(routeByScheme({ gs, file }), cache)
    })
    const diskWatch = new DiskWatch(scratch, systemClock)
    const place = { objects: this.#objectsOf(undefined), clock: systemClock, agent, scratch, diskWatch }
    this.#processes = new ProcessSandbox({ ...place, hostEnvironment: pickHostEnvironment(environment) })
    const containers = new ContainerSandbox({
      ...place,
      environment: jobEnvironment,
      mountsFolder: config.mountsFolder,
      accelerators,
      imageRefreshMs: config.imageRefreshMs,
      dockerHubMirror: config.dockerHubMirror,
      hasEngine: true,
      authOf: (image) => registryAuthOf(image, metadata),
    })
    this.#sandbox = new ChooseSandbox(containers, this.#processes, config.defaultImage)
  }

  run(assignment: Assignment, hooks: AttemptHooks): Promise<AttemptEnd> {
    const { graceMs, explainMs, slowestFlushMs, firstUsageMs } = this.#config
    const payer = assignment.template.requesterPaysProject
    return runAttempt(assignment, {
      objects: this.#objectsOf(payer),
      sandbox: this.#sandbox,
      logs: this.#logsOf(payer),
      usage: this.#usage,
      log: this.#log,
      clock: systemClock,
      ...{ graceMs, explainMs, slowestFlushMs, firstUsageMs },
      ...hooks,
    })
  }

  async close(): Promise<void> {
    await this.#usage.close()
    await Promise.all([this.#processes.close(), ...[...this.#logs.values()].map((logs) => logs.close())])
  }

  /** Logs lie beside the batch's files, so the batch's project pays for both. */
  #logsOf(payer: string | undefined): WorkerLogs {
    const known = this.#logs.get(payer)
    if (known !== undefined) return known
    const logs = new WorkerLogs({ objects: this.#objectsOf(payer), clock: systemClock, lingerMs: logLingerMs })
    this.#logs.set(payer, logs)
    return logs
  }
}
