import { availableParallelism, totalmem } from 'node:os'
import type { PoolId, Resources } from 'graupel/model'
import type { Environment } from './emulator-programs.ts'

export interface WorkerPlace {
  readonly machine: string
  readonly pool: PoolId
  /** The machine's disk. */
  readonly folder: string
  readonly workers: number
  /** What one machine offers. */
  readonly cores: number
  readonly maxJobs: number | undefined
  readonly kernelUrls: readonly string[]
  /** What every program of the service is told. */
  readonly variables: Readonly<Record<string, string>>
}

/** The share of this machine's cores that one emulated machine offers. */
export const coresPerWorker = (): number => Math.max(1, Math.floor(availableParallelism() / 2))

/** What one emulated machine has for jobs; of the disk nobody keeps count. */
export const capacityOfWorker = (workers: number, cores: number): Resources => ({
  cpuMillis: cores * 1000,
  memoryBytes: Math.floor(totalmem() / Math.max(1, workers)),
  storageBytes: Number.MAX_SAFE_INTEGER,
})

/** What the program of a worker is told. It shares this machine with the others, so each offers its share. */
export function workerEnvironment(env: Environment, place: WorkerPlace): Record<string, string | undefined> {
  return {
    ...env,
    ...place.variables,
    GRAUPEL_WORKER_NAME: place.machine,
    GRAUPEL_POOL: place.pool,
    GRAUPEL_KERNEL_URLS: place.kernelUrls.join(','),
    GRAUPEL_SCRATCH: place.folder,
    GRAUPEL_CPUS: String(place.cores),
    ...(place.maxJobs !== undefined && { GRAUPEL_MAX_JOBS: String(place.maxJobs) }),
    // A request costs nothing here, and somebody sits and waits for the next batch.
    GRAUPEL_LONGEST_WAIT_MS: '2000',
    GRAUPEL_FIRST_USAGE_MS: '1000',
    GRAUPEL_MEMORY_BYTES: String(Math.floor(totalmem() / place.workers)),
  }
}
