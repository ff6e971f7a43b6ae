import { z } from 'zod'
import { type FleetConfig, fleetConfigOf, fleetEnvironmentSchema } from './fleet-config.ts'

import type { Callers } from './kernel/check-caller.ts'

const wholeNumber = z.coerce.number().int()

/** What the functions are told by their environment. Every name begins with `GRAUPEL_`. */
const environmentSchema = fleetEnvironmentSchema.extend({
  /** The Google Cloud project. */
  GRAUPEL_PROJECT: z.string().min(1),
  /** The Firestore database. */
  GRAUPEL_DATABASE: z.string().min(1).default('(default)'),
  GRAUPEL_REGION: z.string().min(1).default('us-central1'),
  /** Lanes that are deployed: a power of two. */
  GRAUPEL_LANES: wholeNumber.min(1).max(1024).default(8),
  /** The lane that this instance of `kernel` hosts. */
  GRAUPEL_LANE: wholeNumber.min(0).default(0),
  /** The deployment's prefix: topics are called `<prefix>-lane-<n>`, machines `<prefix>-<pool>-…`. */
  GRAUPEL_TOPIC_PREFIX: z.string().min(1).default('graupel'),
  /** Where the api makes the folders of batches. Absent: it takes none. */
  GRAUPEL_REMOTE_TMPDIR: z
    .string()
    .regex(/^gs:\/\/[^/]+/, 'write gs://bucket/folder')
    .optional(),
  /** Key of the attempts' tokens. */
  GRAUPEL_SERVICE_KEY: z.string().min(16),
  /** Where Cloud Tasks finds these two functions. */
  GRAUPEL_PROVISION_URL: z.url(),
  GRAUPEL_SWEEP_URL: z.url(),
  /** What their queues are called. Default: `<prefix>-provision` and `<prefix>-sweep`. */
  GRAUPEL_PROVISION_QUEUE: z.string().min(1).optional(),
  GRAUPEL_SWEEP_QUEUE: z.string().min(1).optional(),
  /** The service account in whose name Cloud Tasks calls them. */
  GRAUPEL_INVOKER: z.string().optional(),
  /** Whether functions look at who calls them. `anybody` is for this machine, where nobody has a token. */
  GRAUPEL_CALLERS: z.enum(['checked', 'anybody']).default('checked'),
  /** The service accounts of workers and of pushed messages, by e-mail address: they are what is checked. */
  GRAUPEL_WORKER_ACCOUNT: z.string().optional(),
  GRAUPEL_PUSHER_ACCOUNT: z.string().optional(),
  /** Jobs that a worker runs at a time, whatever their size; 1: a machine for each. Absent: as many as fit. */
  GRAUPEL_MAX_JOBS_PER_WORKER: wholeNumber.min(1).optional(),
  /** These four lead to servers on this machine instead of Google's. */
  FIRESTORE_EMULATOR_HOST: z.string().optional(),
  PUBSUB_EMULATOR_HOST: z.string().optional(),
  STORAGE_EMULATOR_HOST: z.string().optional(),
  GRAUPEL_TASKS_EMULATOR_HOST: z.string().optional(),
  GRAUPEL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** Servers on this machine, `host:port`; `storageUrl` with `http://`. Absent: Google's. */
export interface LocalServers {
  readonly firestoreHost?: string | undefined
  readonly pubsubHost?: string | undefined
  readonly storageUrl?: string | undefined
  readonly tasksHost?: string | undefined
}

export interface FunctionsConfig {
  readonly project: string
  readonly database: string
  readonly region: string
  readonly lanes: number
  readonly lane: number
  readonly topicPrefix: string
  /** Without a slash at its end. */
  readonly remoteTmpdir?: string | undefined
  readonly serviceKey: string
  readonly callers: Callers
  readonly machines: FleetConfig
  readonly maxJobsPerWorker?: number | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly taskUrls: { readonly provision: string; readonly sweep: string }
  readonly taskQueues: { readonly provision: string; readonly sweep: string }
  readonly invoker?: string | undefined
  readonly servers: LocalServers
}

/** @throws Error naming every variable that is missing or wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): FunctionsConfig {
  const parsed = environmentSchema.safeParse(env)
  if (!parsed.success) throw new Error(`the functions' environment is not complete:\n${z.prettifyError(parsed.error)}`)
  const { data } = parsed
  return {
    project: data.GRAUPEL_PROJECT,
    database: data.GRAUPEL_DATABASE,
    region: data.GRAUPEL_REGION,
    lanes: data.GRAUPEL_LANES,
    lane: data.GRAUPEL_LANE,
    topicPrefix: data.GRAUPEL_TOPIC_PREFIX,
    remoteTmpdir: data.GRAUPEL_REMOTE_TMPDIR?.replace(/\/+$/, ''),
    serviceKey: data.GRAUPEL_SERVICE_KEY,
    callers: callersOf(data),
    maxJobsPerWorker: data.GRAUPEL_MAX_JOBS_PER_WORKER,
    machines: fleetConfigOf(data, data.GRAUPEL_REGION),
    logLevel: data.GRAUPEL_LOG_LEVEL,
    taskUrls: { provision: data.GRAUPEL_PROVISION_URL, sweep: data.GRAUPEL_SWEEP_URL },
    taskQueues: {
      provision: data.GRAUPEL_PROVISION_QUEUE ?? `${data.GRAUPEL_TOPIC_PREFIX}-provision`,
      sweep: data.GRAUPEL_SWEEP_QUEUE ?? `${data.GRAUPEL_TOPIC_PREFIX}-sweep`,
    },
    invoker: data.GRAUPEL_INVOKER,
    servers: {
      firestoreHost: data.FIRESTORE_EMULATOR_HOST,
      pubsubHost: data.PUBSUB_EMULATOR_HOST,
      storageUrl: data.STORAGE_EMULATOR_HOST,
      tasksHost: data.GRAUPEL_TASKS_EMULATOR_HOST,
    },
  }
}

/** @throws Error if callers are to be checked and it is not said against what */
function callersOf(data: z.infer<typeof environmentSchema>): Callers {
  if (data.GRAUPEL_CALLERS === 'anybody') return 'anybody'
  const { GRAUPEL_WORKER_ACCOUNT: worker, GRAUPEL_PUSHER_ACCOUNT: pusher } = data
  if (worker !== undefined && pusher !== undefined) return { worker, pusher }
  throw new Error("the functions' environment is not complete: set GRAUPEL_WORKER_ACCOUNT and GRAUPEL_PUSHER_ACCOUNT")
}
