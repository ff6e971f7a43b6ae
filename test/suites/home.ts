import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, Batch, type BatchOptions, type RunningBatch, type RunOptions } from 'graupel'
import { afterAll, beforeAll } from 'vitest'

/** A place where batches run; the same programs must end the same way in each. */
export interface TestHome {
  readonly name: string
  /** Opened once per block of tests, and closed after it. */
  open(): Promise<Backend>
}

/** What a test of a home works with. */
export interface Bench {
  backend(): Backend
  newBatch(options?: BatchOptions): Batch
  /** A path in a folder of this block's own. */
  path(name: string): string
  write(name: string, text: string): Promise<string>
  read(name: string): Promise<string>
}

export const quiet = { progress: false } as const

/** Runs without throwing for failed jobs. */
export const runAnyway = (batch: Batch, options: Omit<RunOptions, 'dryRun'> = {}): Promise<RunningBatch> =>
  batch.run({ ...quiet, throwOnFailure: false, ...options })

/** Every job's state by its name. */
export async function statesOf(run: RunningBatch): Promise<Record<string, string>> {
  const states: Record<string, string> = {}
  for await (const job of run.jobs()) states[job.name ?? `job ${job.id}`] = job.state
  return states
}

export function useBench(home: TestHome): Bench {
  let folder = ''
  let backend: Backend | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel test (bench) '))
    backend = await home.open()
  })
  afterAll(async () => {
    await backend?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const path = (name: string) => join(folder, name)
  return {
    backend: () => {
      if (backend === undefined) throw new Error('the home is not open')
      return backend
    },
    newBatch: (options = {}) => new Batch({ ...(backend !== undefined && { backend }), ...options }),
    path,
    write: async (name, text) => {
      await writeFile(path(name), text)
      return path(name)
    },
    read: (name) => readFile(path(name), 'utf8'),
  }
}
