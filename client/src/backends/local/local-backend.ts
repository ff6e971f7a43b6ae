import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { BatchId } from '../../model/index.ts'
import { readsEarlierFiles, refuseEarlierFiles } from '../../submission/earlier-files.ts'
import type { SubmitRequest } from '../../submission/submit-request.ts'
import { Backend, type Submission } from '../backend.ts'
import { parseBatchId, type Runner, runSubmission } from '../run-submission.ts'
import { BatchHandle } from '../running/batch-handle.ts'
import { RunningBatch } from '../running-batch.ts'
import { checkSupported } from './check-supported.ts'
import { type LocalBackendOptions, readLocalConfiguration } from './local-configuration.ts'
import { LocalHome } from './local-home.ts'
import { LocalRuns } from './local-runs.ts'

interface Opened {
  readonly home: LocalHome
  readonly runs: LocalRuns
}

/**
 * Runs batches on this machine, with nothing else installed: jobs run in parallel, as processes where they have no image
 * and as containers (Docker) where they have one. Files that jobs pass on lie in a folder below `tmpDir` that goes when
 * the run ends; logs go when the backend is closed or the program ends.
 *
 * @example
 * ```ts
 * import { Batch, LocalBackend } from 'graupel'
 *
 * await using backend = new LocalBackend({ cpus: 2 })
 * const batch = new Batch({ name: 'hello', backend })
 * batch.newJob({ name: 'hello' }).command`echo hello`
 * await batch.run()
 * ```
 */
export class LocalBackend extends Backend<RunningBatch> {
  readonly #open: () => Opened
  #opened: Opened | undefined
  #closing: Promise<void> | undefined

  /** @throws InvalidBatchError if `cpus` is not above 0 */
  constructor(options: LocalBackendOptions = {}) {
    super()
    const configuration = readLocalConfiguration(options)
    this.#open = () => {
      const home = new LocalHome(configuration)
      return { home, runs: new LocalRuns(home) }
    }
  }

  override async runBatch(submission: Submission): Promise<RunningBatch> {
    return runSubmission(this.#runner(), submission)
  }

  /** Finds a batch of this very backend: nothing else remembers it. */
  override async findBatch(id: string): Promise<RunningBatch> {
    const handle = this.#runner().handle(parseBatchId(id))
    await handle.status()
    return new RunningBatch(handle)
  }

  /** Waits until all batches have ended, then removes their logs. */
  override close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const opened = this.#opened
    await opened?.runs.allSettled()
    await opened?.home.close()
  }

  #runner(): Runner {
    if (this.#closing !== undefined)
      throw new InvalidBatchError({ message: 'This LocalBackend has been closed; make a new one' })
    this.#opened ??= this.#open()
    const { home, runs } = this.#opened
    return {
      home,
      stderr: process.stderr,
      prepare: async (request) => ({
        request: prepare(home, request),
        submitted: () => runs.follow(request.batch),
      }),
      hold: (batch, submit) => runs.hold(batch, submit),
      handle: (batch) => makeHandle(home, runs, batch),
      open: () => undefined,
    }
  }
}

const makeHandle = (home: LocalHome, runs: LocalRuns, batch: BatchId): BatchHandle =>
  new BatchHandle(home, batch, { atEnd: () => runs.settled(batch) })

/** The backend itself deletes scratch at the end of a run: it knows what else is being submitted at that moment. */
function prepare(home: LocalHome, request: SubmitRequest): SubmitRequest {
  checkSupported(request.spec)
  const reader = request.isUpdate && !home.isKept(request.batch) ? readsEarlierFiles(request.spec) : undefined
  if (reader !== undefined) throw refuseEarlierFiles(reader)
  if (!request.deleteScratch) home.keep(request.batch)
  return { ...request, deleteScratch: false }
}
