import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { WorkerTiming } from 'graupel/execution'
import { bytesForJobs, hash32, type MachineFacts, type PoolId, poolIdSchema } from 'graupel/model'
import { z } from 'zod'

const wholeNumber = z.coerce.number().int().min(0)

/** What the agent is told by its environment. Names of other programs' variables mean what they mean everywhere. */
const variablesSchema = z.object({
  /** The machine's name, unique in the project: letters, digits and hyphens. */
  GRAUPEL_WORKER_NAME: z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'a name has letters, digits and hyphens only'),
  /** Absent: jobs of any pool. */
  GRAUPEL_POOL: poolIdSchema.optional(),
  /** Addresses of `kernel`, one per lane in the order of the lanes, separated by commas. */
  GRAUPEL_KERNEL_URLS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim().replace(/\/+$/, '')))
    .pipe(z.array(z.url()).min(1)),
  /** Topics are called `<prefix>-lane-<n>`. */
  GRAUPEL_TOPIC_PREFIX: z.string().min(1).default('graupel'),
  GRAUPEL_PROJECT: z.string().min(1),
  /** A folder on the machine's fast disk; where the agent runs in a container, mounted at the same path. */
  GRAUPEL_SCRATCH: z.string().startsWith('/').default(join(tmpdir(), 'graupel')),
  /** Where buckets are mounted for jobs; where the agent runs in a container, at the same path and with shared mounts. */
  GRAUPEL_MOUNTS: z.string().startsWith('/').default(join(tmpdir(), 'graupel-mounts')),
  /** What the machine has for jobs. Default: all cores, and all memory but what the system needs. */
  GRAUPEL_CPUS: z.coerce.number().positive().optional(),
  GRAUPEL_MEMORY_BYTES: wholeNumber.optional(),
  /** Default: what is free in the scratch folder, and not the cache's. */
  GRAUPEL_STORAGE_BYTES: wholeNumber.optional(),
  /** What inputs that many jobs read may take of the disk. Default: a tenth of what is free. 0: each job gets its own. */
  GRAUPEL_CACHE_BYTES: wholeNumber.optional(),
  /** Jobs at once. Default: four per core. */
  GRAUPEL_MAX_JOBS: wholeNumber.min(1).optional(),
  GRAUPEL_RENEW_MS: wholeNumber.default(60_000),
  GRAUPEL_KILL_AFTER_MS: wholeNumber.default(12 * 60_000),
  GRAUPEL_IDLE_MS: wholeNumber.default(45_000),
  /** The longest time that a request waits at one lane, while work may come at another. */
  GRAUPEL_LONGEST_WAIT_MS: wholeNumber.min(1).default(20_000),
  /** Between SIGTERM and SIGKILL of a job. */
  GRAUPEL_GRACE_MS: wholeNumber.default(5000),
  /** How long an unexplained signal waits for a notice. */
  GRAUPEL_EXPLAIN_MS: wholeNumber.default(5000),
  /** What a job prints on and on is stored so often while it runs: each time costs an object. Default: a line within 2 s. */
  GRAUPEL_SLOWEST_FLUSH_MS: wholeNumber.optional(),
  /** What a job uses is first stored when its commands are so old. */
  GRAUPEL_FIRST_USAGE_MS: wholeNumber.default(15_000),
  /** The machine's metadata server: gives credentials, and notice when the machine is taken away. Absent: there is none. */
  GRAUPEL_METADATA_URL: z.url().optional(),
  /** The service account of jobs, whose tokens the machine's own may make. Absent: containers are given none. */
  GRAUPEL_JOB_ACCOUNT: z.email().optional(),
  /** Where those tokens are made. */
  GRAUPEL_IAM_CREDENTIALS_URL: z.url().default('https://iamcredentials.googleapis.com'),
  /** Jobs without an image run in a container of this one. Absent: as processes, with the agent's own rights. */
  GRAUPEL_DEFAULT_IMAGE: z.string().min(1).optional(),
  /** What the machine is priced by: its type, its zone, and `spot` or `standard`. Absent: it costs nothing. */
  GRAUPEL_MACHINE: z
    .string()
    .regex(/^[a-z0-9-]+,[a-z0-9-]+,(spot|standard)$/, 'write a machine type, a zone and spot or standard, with commas')
    .optional(),
  /** Where the driver of the machine's accelerators is, on the machine. Absent: it has none. */
  GRAUPEL_NVIDIA: z.string().startsWith('/').optional(),
  /** A tag's registry is asked again after this. Default: 10 minutes with a metadata server, else never. */
  GRAUPEL_IMAGE_REFRESH_MS: wholeNumber.optional(),
  /** Where images of Docker Hub are pulled from: a repository such as `us-docker.pkg.dev/project/hub`. Absent: Docker Hub. */
  GRAUPEL_DOCKER_HUB_MIRROR: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[^\s/]+)+$/, 'write a host and a repository, without a slash at the end')
    .optional(),
  GRAUPEL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

const environmentSchema = variablesSchema.refine(
  ({ GRAUPEL_JOB_ACCOUNT, GRAUPEL_METADATA_URL }) =>
    GRAUPEL_JOB_ACCOUNT === undefined || GRAUPEL_METADATA_URL !== undefined,
  { path: ['GRAUPEL_JOB_ACCOUNT'], error: 'needs GRAUPEL_METADATA_URL, whose identity makes its tokens' },
)

export interface WorkerConfig {
  readonly name: string
  /**
   * Marks the processes and containers of this agent. Machines of two services that are emulated on one machine have
   * the same names, and must not clear each other's away: they differ in their folders.
   */
  readonly agent: string
  readonly pool: PoolId | undefined
  readonly kernelUrls: readonly string[]
  readonly topicPrefix: string
  readonly project: string
  /** This agent's own folder. */
  readonly scratch: string
  /** This agent's own, not below the scratch folder: nothing in it is ever deleted. */
  readonly mountsFolder: string
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly storageBytes: number | undefined
  readonly cacheBytes: number | undefined
  readonly maxJobs: number
  readonly timing: Pick<WorkerTiming, 'renewMs' | 'killAfterMs' | 'idleMs' | 'longestWaitMs' | 'putAwayMs'>
  readonly graceMs: number
  readonly explainMs: number
  readonly slowestFlushMs: number | undefined
  readonly firstUsageMs: number
  readonly metadataUrl: string | undefined
  readonly jobAccount: string | undefined
  readonly iamCredentialsUrl: string
  readonly defaultImage: string | undefined
  readonly machine: MachineFacts | undefined
  /** The machine was chosen for the jobs of its pool, and is used as it is. */
  readonly mustFit: boolean
  readonly nvidiaFolder: string | undefined
  readonly imageRefreshMs: number | undefined
  readonly dockerHubMirror: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

const jobsPerCore = 4
const imageRefreshMs = 10 * 60_000
/** A job that is sent SIGKILL is gone this much later, however busy the machine is. */
const killMarginMs = 5000

function machineOf(text: string | undefined): MachineFacts | undefined {
  const [type, zone, model] = text?.split(',') ?? []
  return type === undefined || zone === undefined ? undefined : { type, zone, isSpot: model === 'spot' }
}

/** @throws Error naming every variable that is missing or wrong */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) throw new Error(`the agent's environment is not complete:\n${z.prettifyError(parsed.error)}`)
  const { data } = parsed
  const cpus = data.GRAUPEL_CPUS ?? availableParallelism()
  const scratch = join(data.GRAUPEL_SCRATCH, data.GRAUPEL_WORKER_NAME)
  return {
    name: data.GRAUPEL_WORKER_NAME,
    agent: `${data.GRAUPEL_WORKER_NAME}-${hash32(scratch).toString(36)}`,
    pool: data.GRAUPEL_POOL,
    kernelUrls: data.GRAUPEL_KERNEL_URLS,
    topicPrefix: data.GRAUPEL_TOPIC_PREFIX,
    project: data.GRAUPEL_PROJECT,
    scratch,
    mountsFolder: join(data.GRAUPEL_MOUNTS, data.GRAUPEL_WORKER_NAME),
    cpuMillis: Math.floor(cpus * 1000),
    memoryBytes: data.GRAUPEL_MEMORY_BYTES ?? bytesForJobs(totalmem()),
    storageBytes: data.GRAUPEL_STORAGE_BYTES,
    cacheBytes: data.GRAUPEL_CACHE_BYTES,
    maxJobs: data.GRAUPEL_MAX_JOBS ?? Math.max(1, Math.ceil(cpus * jobsPerCore)),
    timing: {
      renewMs: data.GRAUPEL_RENEW_MS,
      killAfterMs: data.GRAUPEL_KILL_AFTER_MS,
      idleMs: data.GRAUPEL_IDLE_MS,
      longestWaitMs: data.GRAUPEL_LONGEST_WAIT_MS,
      putAwayMs: data.GRAUPEL_GRACE_MS + killMarginMs,
    },
    graceMs: data.GRAUPEL_GRACE_MS,
    explainMs: data.GRAUPEL_EXPLAIN_MS,
    slowestFlushMs: data.GRAUPEL_SLOWEST_FLUSH_MS,
    firstUsageMs: data.GRAUPEL_FIRST_USAGE_MS,
    metadataUrl: data.GRAUPEL_METADATA_URL?.replace(/\/+$/, ''),
    jobAccount: data.GRAUPEL_JOB_ACCOUNT,
    iamCredentialsUrl: data.GRAUPEL_IAM_CREDENTIALS_URL.replace(/\/+$/, ''),
    defaultImage: data.GRAUPEL_DEFAULT_IMAGE,
    machine: machineOf(data.GRAUPEL_MACHINE),
    mustFit: data.GRAUPEL_MACHINE !== undefined && data.GRAUPEL_CPUS === undefined,
    nvidiaFolder: data.GRAUPEL_NVIDIA,
    imageRefreshMs:
      data.GRAUPEL_IMAGE_REFRESH_MS ?? (data.GRAUPEL_METADATA_URL === undefined ? undefined : imageRefreshMs),
    dockerHubMirror: data.GRAUPEL_DOCKER_HUB_MIRROR,
    logLevel: data.GRAUPEL_LOG_LEVEL,
  }
}
