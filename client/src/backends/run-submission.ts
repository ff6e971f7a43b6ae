import { CancelledError } from '../errors/cancelled-error.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { type BatchId, batchIdSchema } from '../model/index.ts'
import { batchIdOfToken, newBatchId, newToken } from '../submission/batch-identity.ts'
import { submitBatch } from '../submission/submit-batch.ts'
import type { SubmitRequest } from '../submission/submit-request.ts'
import type { Submission } from './backend.ts'
import type { Home } from './home.ts'
import type { ProgressStream } from './progress/show-progress.ts'
import type { BatchHandle } from './running/batch-handle.ts'
import { RunningBatch } from './running-batch.ts'

/** A request as a home wants it: other places of files, more to do before the jobs begin. */
export interface Prepared {
  readonly request: SubmitRequest
  /** The jobs are durable: what must happen at their end begins here. `numbers` are theirs, by their place in the spec. */
  submitted(numbers: ArrayLike<number>): void
}

/** What differs from home to home when jobs are submitted and waited for. */
export interface Runner {
  readonly home: Home
  readonly stderr: ProgressStream
  /** @throws InvalidBatchError if this home cannot run the jobs */
  prepare(request: SubmitRequest): Promise<Prepared>
  /** Surrounds the submission: nothing of the batch is tidied away while it goes on. */
  hold<T>(batch: BatchId, submit: () => Promise<T>): Promise<T>
  /** Its waits are over when the files of the runs that it knows are where they belong. */
  handle(batch: BatchId): BatchHandle
  /** Shows a batch's page to the user, and tells its address; `undefined` where batches have none. */
  open(batch: BatchId): string | undefined
}

/** Submits the jobs and, unless told otherwise, waits for them: the whole of `batch.run()` on any home. */
export async function runSubmission(runner: Runner, submission: Submission): Promise<RunningBatch> {
  const { options, spec } = submission
  if (options.signal?.aborted === true) throw aborted(spec.name)
  const known = submission.batchId === undefined ? undefined : parseBatchId(submission.batchId)
  if (known !== undefined && spec.jobs.length === 0) return new RunningBatch(runner.handle(known))
  const { request, submitted } = await runner.prepare(requestOf(runner.home, submission, known))
  const compiled = await runner.hold(request.batch, () => submitBatch(runner.home, request))
  submitted(compiled.numbers)
  submission.submitted(request.batch, compiled.numbers)
  const say = options.verbose === true ? (text: string) => void runner.stderr.write(`${text}\n`) : () => undefined
  say(`Batch ${request.batch}: submitted ${compiled.jobs} jobs with ${compiled.edges} dependencies`)
  const page = options.open === true ? runner.open(request.batch) : undefined
  if (page !== undefined) runner.stderr.write(`Batch ${request.batch}: ${page}\n`)
  return followRun(runner, submission, request, say)
}

async function followRun(
  runner: Runner,
  { options, spec }: Submission,
  request: SubmitRequest,
  say: (text: string) => void,
): Promise<RunningBatch> {
  const handle = runner.handle(request.batch)
  const batch = new RunningBatch(handle)
  const release = cancelOnAbort(options.signal, handle)
  if (options.wait === false) return batch
  const hide = await startProgress(runner, request.batch, spec.name, options.progress)
  try {
    const { throwOnFailure } = options
    const status = await handle.waitForRun({ throwOnFailure }, batch, request.token)
    say(`Batch ${request.batch}: ended as ${status.state}`)
    return batch
  } finally {
    hide()
    release()
  }
}

function requestOf(home: Home, { spec, options }: Submission, known: BatchId | undefined): SubmitRequest {
  const token = options.token ?? newToken()
  const fresh = () => (options.token === undefined ? newBatchId() : batchIdOfToken(home.user, options.token))
  return {
    batch: known ?? fresh(),
    isUpdate: known !== undefined,
    token,
    spec,
    callback: options.callback === undefined ? undefined : parseCallback(options.callback),
    deleteScratch: options.deleteScratchOnExit !== false,
    holdsScratch: false,
  }
}

function parseCallback(callback: string | URL): string {
  const url = URL.parse(String(callback))
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href
  throw new InvalidBatchError({ message: `callback '${callback}' is no web address: write https://host/path` })
}

/** @throws InvalidBatchError if no batch can have this id */
export function parseBatchId(id: string): BatchId {
  const parsed = batchIdSchema.safeParse(id)
  if (parsed.success) return parsed.data
  throw new InvalidBatchError({ message: `'${id}' is no batch id: ids are 8 to 40 small letters and digits` })
}

function cancelOnAbort(signal: AbortSignal | undefined, handle: BatchHandle): () => void {
  const cancel = () => void handle.cancel().catch(() => undefined)
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  return () => signal?.removeEventListener('abort', cancel)
}

async function startProgress(
  { home, stderr }: Runner,
  batch: BatchId,
  name: string | undefined,
  isWanted: boolean | undefined,
): Promise<() => void> {
  if (!(isWanted ?? stderr.isTTY === true)) return () => undefined
  const { showProgress } = await import('./progress/show-progress.ts')
  return showProgress(home, batch, name, stderr)
}

const aborted = (name: string | undefined) =>
  new CancelledError({
    message: `Batch ${name === undefined ? '' : `'${name}' `}was cancelled before it was submitted`,
  })
