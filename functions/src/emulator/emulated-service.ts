import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { EngineLog, FleetLimits } from 'graupel/engine'
import { destination } from 'pino'
import type { FunctionsConfig } from '../config.ts'
import { connectPubSub } from '../connect-google.ts'
import { makeLog } from '../log.ts'
import { connectServices } from '../services.ts'
import { CleanUp } from './clean-up.ts'
import type { ComputeWorld } from './compute-server/compute-world.ts'
import { type Counters, countPorts } from './counting-ports.ts'
import { createLanes } from './create-lanes.ts'
import { startEmulatedFleet } from './emulated-fleet.ts'
import { emulatedMachines } from './emulated-machines.ts'
import type { Environment } from './emulator-programs.ts'
import { findFreePorts } from './free-port.ts'
import { type HostedService, hostKernels, hostTasks } from './host-service.ts'
import { type RunningServers, startServers } from './start-servers.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'
import { capacityOfWorker, coresPerWorker, workerEnvironment } from './worker-environment.ts'

export interface EmulatedServiceOptions {
  readonly env: Environment
  /** Objects, logs and the workers' files are kept here. */
  readonly folder: string
  /** The worker's program, run by Node. */
  readonly workerProgram: string
  /** Default `graupel-local`. A project of its own parts services that share a pair of emulators. */
  readonly project?: string | undefined
  /** Default 4. */
  readonly lanes?: number | undefined
  /** Worker processes at once, per pool. Default 2, each with half of this machine's cores. */
  readonly workers?: number | undefined
  /** `compute`: workers are asked for through Compute Engine's interface, of which a stand-in runs. Default `processes`. */
  readonly fleet?: 'processes' | 'compute' | undefined
  /** What each worker offers to jobs. Default: half of this machine's cores. */
  readonly coresPerWorker?: number | undefined
  /** Jobs that a worker runs at a time, whatever their size; 1: a worker for each. Default: as many as fit. */
  readonly maxJobsPerWorker?: number | undefined
  /** What machines may use and cost. Default: as many per pool as there are `workers`. */
  readonly limits?: Partial<FleetLimits> | undefined
  /** Default: any free port. */
  readonly apiPort?: number | undefined
  /** Emulators that run already, and are left running. Default: a pair is started. */
  readonly emulators?: { readonly firestoreHost: string; readonly pubsubHost: string } | undefined
  /** What the names of topics begin with. Default `graupel`. */
  readonly topicPrefix?: string | undefined
  /** How often each message is pushed to its kernel. Default 1; more shows that a repeated one is harmless. */
  readonly deliveries?: number | undefined
  /** Counts what the functions read, write, send and are asked. Default: nobody counts. */
  readonly counters?: Counters | undefined
}

export interface EmulatedService {
  /** The environment in which a program uses this service. */
  readonly variables: Readonly<Record<string, string>>
  /** Resolves with a sentence when a part of the service ends that should not. */
  readonly crashed: Promise<string>
  /** The stand-in of Compute Engine; absent without one. */
  readonly world: ComputeWorld | undefined
  /** The processes of the workers that live now. */
  workerProcesses(): readonly number[]
  /** Stops all that was started, in order. */
  close(): Promise<void>
}

const bucket = 'graupel'
const remoteTmpdir = `gs://${bucket}/batches`

/**
 * The whole service on this machine: the deployed functions over HTTP, the emulators, and workers as processes.
 * @throws EmulatorMissingError if Java or an emulator is not on this machine
 */
export async function startEmulatedService(options: EmulatedServiceOptions): Promise<EmulatedService> {
  const cleanUp = new CleanUp()
  const watchdog = startWatchdog()
  cleanUp.add(() => watchdog.close())
  try {
    const { env, folder, emulators } = options
    const servers = await startServers({ env, folder, bucket, watchdog, emulators }, cleanUp)
    const config = await configure(options, servers)
    const log = openLog(config, folder, cleanUp)
    const { variables, fleet } = await startFunctions({ options, config, log, watchdog, cleanUp })
    const { crashed } = servers
    const { world } = fleet
    return { variables, crashed, world, workerProcesses: () => fleet.processes(), close: () => cleanUp.run() }
  } catch (error) {
    await cleanUp.run()
    throw error
  }
}

async function configure(options: EmulatedServiceOptions, servers: RunningServers): Promise<FunctionsConfig> {
  const [provisionPort, sweepPort] = await findFreePorts(2)
  const topicPrefix = options.topicPrefix ?? 'graupel'
  return {
    project: options.project ?? 'graupel-local',
    database: '(default)',
    region: 'local',
    lanes: options.lanes ?? 4,
    lane: 0,
    topicPrefix,
    remoteTmpdir,
    serviceKey: randomBytes(32).toString('hex'),
    callers: 'anybody',
    maxJobsPerWorker: options.maxJobsPerWorker,
    machines: emulatedMachines(workersOf(options), options.limits),
    logLevel: 'info',
    servers,
    taskQueues: { provision: `${topicPrefix}-provision`, sweep: `${topicPrefix}-sweep` },
    taskUrls: { provision: `http://127.0.0.1:${provisionPort}`, sweep: `http://127.0.0.1:${sweepPort}` },
  }
}

function openLog(config: FunctionsConfig, folder: string, cleanUp: CleanUp): EngineLog {
  const file = destination({ dest: join(folder, 'functions.log'), mkdir: true, sync: true })
  cleanUp.add(() => file.end())
  return makeLog(config, file)
}

interface Start {
  readonly options: EmulatedServiceOptions
  readonly config: FunctionsConfig
  readonly log: EngineLog
  readonly watchdog: Watchdog
  readonly cleanUp: CleanUp
}

async function startFunctions({ options, config, log, watchdog, cleanUp }: Start) {
  const { counters } = options
  const connected = connectServices(config, log)
  cleanUp.add(() => connected.close())
  await connected.createQueues()
  const services = counters === undefined ? connected : { ...connected, ...countPorts(connected, counters) }
  const hosted = await hostKernels({ config, services, apiPort: options.apiPort ?? 0, counters }, cleanUp)
  await makeTopics(config, hosted, options.deliveries ?? 1)
  const variables = variablesOf(config, hosted)
  const fleet = await startEmulatedFleet(
    {
      kind: options.fleet ?? 'processes',
      config,
      services,
      log,
      folder: options.folder,
      capacity: capacityOfWorker(workersOf(options), coresOf(options)),
      workerProgram: options.workerProgram,
      environmentOf: (machine, pool, folder) =>
        workerEnvironment(options.env, {
          machine,
          pool,
          folder,
          workers: workersOf(options),
          cores: coresOf(options),
          maxJobs: config.maxJobsPerWorker,
          kernelUrls: hosted.kernelUrls,
          variables,
        }),
      watchdog,
    },
    cleanUp,
  )
  await hostTasks(fleet.fleetServices, config.taskUrls, cleanUp)
  return { variables, fleet }
}

const coresOf = (options: EmulatedServiceOptions): number => options.coresPerWorker ?? coresPerWorker()

const workersOf = ({ workers = 2 }: EmulatedServiceOptions): number => workers

async function makeTopics(config: FunctionsConfig, { kernelUrls }: HostedService, deliveries: number): Promise<void> {
  const pubsub = connectPubSub(config)
  try {
    await createLanes(pubsub, { ...config, kernelUrls, deliveries })
  } finally {
    await pubsub.close()
  }
}

function variablesOf(
  { project, lanes, servers, topicPrefix }: FunctionsConfig,
  hosted: HostedService,
): Record<string, string> {
  return {
    GRAUPEL_BACKEND: 'service',
    GRAUPEL_PROJECT: project,
    GRAUPEL_LANES: String(lanes),
    GRAUPEL_TOPIC_PREFIX: topicPrefix,
    GRAUPEL_REMOTE_TMPDIR: remoteTmpdir,
    GRAUPEL_API_URL: hosted.apiUrl,
    FIRESTORE_EMULATOR_HOST: servers.firestoreHost ?? '',
    PUBSUB_EMULATOR_HOST: servers.pubsubHost ?? '',
    STORAGE_EMULATOR_HOST: servers.storageUrl ?? '',
    METADATA_SERVER_DETECTION: 'none',
  }
}
