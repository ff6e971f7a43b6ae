import {
  BatchError,
  BatchFailedError,
  BatchNotFoundError,
  type BatchStatus,
  CancelledError,
  CyclicDependencyError,
  InvalidBatchError,
  JobFailedError,
  type JobStatus,
  RunningBatch,
  ServiceError,
  TimeoutError,
  UndefinedResourceError,
  UnserializableFunctionError,
} from 'graupel'
import { expect, test } from 'vitest'

const status: JobStatus = {
  id: 3,
  name: 'align',
  state: 'Failed',
  reason: 'the command ended with exit code 3',
  attributes: {},
  attempt: 1,
  worker: 'w',
  exitCode: 3,
  readyAt: undefined,
  startedAt: undefined,
  endedAt: undefined,
  durationMs: undefined,
  cost: 0,
}
const counts = { pending: 0, ready: 0, creating: 0, running: 0, success: 4, failed: 2, error: 1, cancelled: 5 }
const batchStatus: BatchStatus = {
  id: 'b1',
  name: 'sort',
  state: 'failure',
  attributes: {},
  counts,
  createdAt: new Date(0),
  endedAt: undefined,
  durationMs: undefined,
  cost: 0,
}
const refuse = () => {
  throw new Error('not part of this test')
}
const batch = new RunningBatch({
  id: 'b1',
  status: refuse,
  jobs: refuse,
  job: refuse,
  wait: refuse,
  cancel: refuse,
  delete: refuse,
  watch: refuse,
  cancelJobs: refuse,
  watchEnds: refuse,
  readValue: refuse,
})

test.each([
  [new InvalidBatchError({ message: 'm' }), 'E_INVALID_BATCH'],
  [new CyclicDependencyError({ message: 'm', cycle: [{ name: 'a' }] }), 'E_CYCLIC_DEPENDENCY'],
  [new UndefinedResourceError({ message: 'm' }), 'E_UNDEFINED_RESOURCE'],
  [new UnserializableFunctionError({ message: 'm', variable: 'total' }), 'E_UNSERIALIZABLE_FUNCTION'],
  [new BatchFailedError({ status: batchStatus, failedJobs: [], batch }), 'E_BATCH_FAILED'],
  [new JobFailedError({ status, log: '' }), 'E_JOB_FAILED'],
  [new BatchNotFoundError({ id: 'b1' }), 'E_BATCH_NOT_FOUND'],
  [new CancelledError({ message: 'm' }), 'E_CANCELLED'],
  [new TimeoutError({ message: 'm' }), 'E_TIMEOUT'],
  [new ServiceError({ message: 'm', status: 403 }), 'E_SERVICE'],
])('%s has the base class, its own name and the code %s', (error, code) => {
  expect(error).toBeInstanceOf(BatchError)
  expect(error).toBeInstanceOf(Error)
  expect(error.code).toBe(code)
  expect(error.name).toBe(error.constructor.name)
})

test('job and cause are kept, and absent where there are none', () => {
  const cause = new Error('behind')
  expect(new InvalidBatchError({ message: 'm', job: 'x', cause })).toMatchObject({ message: 'm', job: 'x', cause })
  const bare = new InvalidBatchError({ message: 'm' })
  expect([bare.job, 'cause' in bare]).toEqual([undefined, false])
})

test('a failed job is told with its state, reason and last lines', () => {
  const log = Array.from({ length: 12 }, (_, line) => `line ${line}`).join('\n')
  const error = new JobFailedError({ status, log: `${log}\n` })
  expect(error.message.split('\n')).toEqual([
    "Job 'align' (3) ended as Failed: the command ended with exit code 3",
    ...Array.from({ length: 10 }, (_, line) => `    line ${line + 2}`),
  ])
  expect(error).toMatchObject({ status, job: 'align' })
  const unnamed = { ...status, name: undefined, reason: undefined, state: 'Error' as const }
  expect(new JobFailedError({ status: unnamed, log: ' \n' }).message).toBe('Job 3 ended as Error')
})

test('a failed batch is told with its first failed jobs and how many more there are', () => {
  const failedJobs = [
    { ...status, log: 'oh no\n' },
    { ...status, id: 4, name: undefined, reason: undefined, log: '' },
  ]
  const error = new BatchFailedError({ status: batchStatus, failedJobs, batch })
  expect(error.message).toBe(`Batch 'sort' (b1) ended as failure: 3 failed, 5 cancelled, 4 succeeded.
  3 align, Failed: the command ended with exit code 3
    oh no
  4 (unnamed), Failed
  … and 1 more`)
  expect(error).toMatchObject({ status: batchStatus, failedJobs, job: 'align' })
  expect(error.batch).toBe(batch)
})

test('a batch that is not there is told by its id', () => {
  expect(new BatchNotFoundError({ id: 'b1' }).message).toBe(
    "There is no batch 'b1'. Check the id, the project and the backend; deleted batches are gone.",
  )
})
