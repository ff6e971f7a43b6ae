import { Backend, BatchPoolExecutor, RunningBatch, type Submission } from 'graupel'
import { beforeEach, expect, test, vi } from 'vitest'
import type { BatchControl } from '../../client/src/backends/batch-control.ts'

const reason = new Error('the watch has broken')
const refuse = () => {
  throw new Error('not part of this test')
}

/** Takes jobs, ends none of them, and stops telling of ends when a test says so. */
class DeafBackend extends Backend<RunningBatch> {
  readonly cancelled: number[] = []
  submissions = 0
  jobs = 0
  /** Set once somebody listens. */
  breakWatch: (() => void) | undefined
  breaksAtOnce = false

  override async runBatch({ spec, submitted }: Submission): Promise<RunningBatch> {
    this.submissions++
    submitted(
      'batch0001',
      Uint32Array.from(spec.jobs, () => ++this.jobs),
    )
    return new RunningBatch(this.#control())
  }

  #control(): BatchControl<RunningBatch> {
    const others = { status: refuse, jobs: refuse, job: refuse, wait: refuse, cancel: refuse, watch: refuse }
    return {
      id: 'batch0001',
      ...others,
      readValue: refuse,
      delete: async () => undefined,
      cancelJobs: async (jobs) => void this.cancelled.push(...jobs),
      watchEnds: (_, onError) => {
        this.breakWatch = () => onError(reason)
        if (this.breaksAtOnce) onError(reason)
        return () => undefined
      },
    }
  }
}

let backend: DeafBackend
let pool: BatchPoolExecutor

beforeEach(() => {
  backend = new DeafBackend()
  pool = new BatchPoolExecutor({ backend })
})

test('calls whose ends nobody hears of any more fail with the reason', async () => {
  const calls = [1, 2].map((x) => pool.submit((y: number) => y, x))
  await vi.waitFor(() => expect(backend.breakWatch).toBeDefined())
  backend.breakWatch?.()
  for (const call of calls) await expect(call.result()).rejects.toBe(reason)
  await pool.shutdown()
})

test('a call that comes later fails too, and is not submitted', async () => {
  const first = pool.submit(() => 1)
  await vi.waitFor(() => expect(backend.breakWatch).toBeDefined())
  backend.breakWatch?.()
  await expect(first.result()).rejects.toBe(reason)
  await expect(pool.submit(() => 2).result()).rejects.toBe(reason)
  await expect(Array.fromAsync(pool.map((x: number) => x, [1, 2]))).rejects.toBe(reason)
  expect(backend.submissions).toBe(1)
  await pool.shutdown()
})

test('a call fails and its job is cancelled if ends were never heard of', async () => {
  backend.breaksAtOnce = true
  await expect(pool.submit(() => 1).result()).rejects.toBe(reason)
  await vi.waitFor(() => expect(backend.cancelled).toEqual([1]))
  await pool.shutdown()
})
