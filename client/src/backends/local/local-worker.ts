import { totalmem } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../../engine/engine.ts'
import { backgroundClock } from '../../engine/memory/system-clock.ts'
import type { EventBus } from '../../engine/ports.ts'
import {
  ChooseSandbox,
  CommandRoom,
  DiskWatch,
  ProcessSandbox,
  pickHostEnvironment,
  runAttempt,
  startWorker,
  UsageSampler,
  WorkerLogs,
  type WorkerOptions,
} from '../../execution/index.ts'
import { memoryWords, type Resources, workerIdOn } from '../../model/index.ts'
import type { StoreOfPayer } from '../../storage/index.ts'
import type { LocalConfiguration } from './local-configuration.ts'
import { makeLocalContainers } from './local-containers.ts'

export interface LocalWorkerOptions {
  readonly configuration: LocalConfiguration
  readonly engine: Engine
  readonly bus: EventBus
  readonly objectsOf: StoreOfPayer
  /** Attempts get folders below it. */
  readonly folder: string
}

export interface LocalWorker {
  /** Ends all jobs, and resolves when nothing of them is left. */
  close(): Promise<void>
  /** Ends all jobs at once, without waiting. */
  killNow(): void
}

/** Service and worker share a process, so waiting for company or for a confirmation gains nothing. */
const timing = { lingerMs: 2, startedDelayMs: 100, renewMs: 1_000, retryMs: 50, firstWaitMs: 20_000 }

/** Between SIGTERM and SIGKILL. */
const graceMs = 2_000
/** Files of this machine cost nothing: whoever looks sees at once what a job prints and uses. */
const pace = { flushMs: 200, slowestFlushMs: 1_000, firstUsageMs: 1_000 }
/** Far more than cores: cpu limits what runs at once, and a worker with a small number often waits for confirmations. */
const jobsPerCore = 32

/** A worker in this process, with this machine's cores. */
export function startLocalWorker({ configuration, engine, bus, objectsOf, folder }: LocalWorkerOptions): LocalWorker {
  const agent = `local-${process.pid}-${Date.now().toString(36)}`
  const diskWatch = new DiskWatch(folder, backgroundClock)
  const place = { scratch: folder, objects: objectsOf(undefined), clock: backgroundClock, agent, diskWatch }
  const processes = new ProcessSandbox({ ...place, hostEnvironment: pickHostEnvironment(process.env) })
  const { extraDockerRunFlags: extraRunFlags, gsaKeyFile } = configuration
  const containers = makeLocalContainers({ ...place, extraRunFlags, gsaKeyFile })
  const sandbox = new ChooseSandbox(containers.sandbox, processes)
  const logs = new WorkerLogs(place)
  const usage = new UsageSampler(backgroundClock)
  const machine = resourcesOf(configuration)
  // The worker holds twice of what runs: no other machine could take what waits here, and files come and go meanwhile.
  const room = new CommandRoom(machine)
  const enter = room.enter.bind(room)
  const options: WorkerOptions = {
    id: workerIdOn('this-machine', Date.now()),
    total: twice(machine),
    maxJobs: Math.ceil(configuration.cpus * jobsPerCore),
    service: {
      lease: async (_lane, request, signal) => {
        // Requests and answers in one process are all microtasks: without a pause, ends would wait until they pause.
        await nextTurn()
        return engine.lease(request, signal)
      },
      renew: (_lane, request) => engine.renew(request),
      awaitStops: (_lane, request, signal) => engine.awaitStops(request, signal),
      publish: (lane, deliveries) => bus.publish(lane, { deliveries: [...deliveries] }),
    },
    lanes: 1,
    runAttempt: (assignment, hooks) =>
      runAttempt(assignment, {
        objects: objectsOf(assignment.template.requesterPaysProject),
        sandbox,
        clock: backgroundClock,
        graceMs,
        ...pace,
        logs,
        usage,
        enter,
        ...hooks,
      }),
    clock: backgroundClock,
    timing,
    isTimed: false,
  }
  const worker = startWorker(options)
  return {
    killNow: () => {
      processes.killNow()
      containers.killNow()
    },
    close: async () => {
      await worker.stop({ kind: 'lost' })
      await logs.close()
      await usage.close()
      await processes.close()
    },
  }
}

const twice = ({ cpuMillis, memoryBytes, storageBytes }: Resources): Resources => ({
  cpuMillis: 2 * cpuMillis,
  memoryBytes: 2 * memoryBytes,
  storageBytes,
})

const standardBytesPerCore = memoryWords.standard * 2 ** 30

/** Jobs that ask for the usual share of a core's memory are not held back where a machine has less of it per core. */
function resourcesOf({ cpus }: LocalConfiguration): Resources {
  return {
    cpuMillis: Math.ceil(cpus * 1000),
    memoryBytes: Math.max(totalmem(), Math.ceil(cpus * standardBytesPerCore)),
    storageBytes: Number.MAX_SAFE_INTEGER,
  }
}
