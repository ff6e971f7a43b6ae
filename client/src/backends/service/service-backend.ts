import { commitBatchEvent } from '../../engine/commit-record.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { BatchId, BatchRecord } from '../../model/index.ts'
import { pokeBatch } from '../../submission/poke-batch.ts'
import type { SubmitRequest } from '../../submission/submit-request.ts'
import { Backend, type Submission } from '../backend.ts'
import { type Prepared, parseBatchId, type Runner, runSubmission } from '../run-submission.ts'
import { BatchHandle } from '../running/batch-handle.ts'
import { RunningBatch } from '../running-batch.ts'
import { batchPage } from './batch-page.ts'
import { fetchDestinations, type NumberedDestination } from './fetch-destinations.ts'
import { closed, GoogleHome } from './google-home.ts'
import { takeLocalDestinations } from './local-destinations.ts'
import { openBrowser } from './open-browser.ts'
import { placeInputs } from './place-inputs.ts'
import { placeRegions } from './place-regions.ts'
import { readServiceConfiguration, type ServiceConfiguration } from './service-configuration.ts'
import { toServiceError } from './service-errors.ts'
import type { ServiceBackendOptions } from './service-options.ts'
import { uploadInputs } from './upload-inputs.ts'

/**
 * Runs batches on Google Cloud, where `graupel deploy` has set the service up, or on `graupel emulate`. Nothing is
 * connected before it is needed. Local inputs are uploaded; local destinations are written by the program that waits.
 *
 * @example
 * ```ts
 * import { Batch, ServiceBackend } from 'graupel'
 *
 * await using backend = new ServiceBackend({ project: 'my-project', remoteTmpdir: 'gs://my-bucket/tmp' })
 * const batch = new Batch({ name: 'hello', backend })
 * batch.newJob({ name: 'hello', image: 'debian:12' }).command`echo hello`
 * await batch.run()
 * ```
 */
export class ServiceBackend extends Backend<RunningBatch> {
  readonly #configuration: ServiceConfiguration
  readonly #options: ServiceBackendOptions
  readonly #environment: Readonly<Record<string, string | undefined>>
  readonly #destinations = new Map<BatchId, readonly NumberedDestination[]>()
  /** Fetches are made one after the other: two waits must not write one file at once. */
  #fetching: Promise<void> = Promise.resolve()
  #home: Promise<GoogleHome> | undefined
  #isClosed = false

  /**
   * @param environment for tests; default: the process's
   * @throws InvalidBatchError naming what is missing, and what to do
   */
  constructor(options: ServiceBackendOptions = {}, environment = process.env) {
    super()
    this.#options = options
    this.#environment = environment
    this.#configuration = readServiceConfiguration(options, environment)
  }

  override async runBatch(submission: Submission): Promise<RunningBatch> {
    try {
      return await runSubmission(await this.#runner(), submission)
    } catch (error) {
      throw toServiceError(error)
    }
  }

  override async findBatch(id: string): Promise<RunningBatch> {
    try {
      const handle = (await this.#runner()).handle(parseBatchId(id))
      await handle.status()
      return new RunningBatch(handle)
    } catch (error) {
      throw toServiceError(error)
    }
  }

  /** The regions that jobs may name, as they are configured. Empty: the service alone decides. */
  async supportedRegions(): Promise<string[]> {
    const { regions } = this.#configuration
    return regions === undefined || regions === 'any' ? [] : [...regions]
  }

  /** @throws InvalidBatchError if no region is configured */
  async defaultRegion(): Promise<string> {
    const [region] = await this.supportedRegions()
    if (region !== undefined) return region
    throw new InvalidBatchError({
      message: 'No region is configured: pass new ServiceBackend({ regions: [...] }), or set GRAUPEL_REGIONS',
    })
  }

  /** Ends the connections. Batches go on. */
  override async close(): Promise<void> {
    this.#isClosed = true
    const home = this.#home
    this.#home = undefined
    if (home === undefined) return
    await this.#fetching.catch(() => undefined)
    await (await home).close()
  }

  async #runner(): Promise<Runner> {
    if (this.#isClosed) throw closed()
    this.#home ??= GoogleHome.open(this.#configuration, this.#options).catch((error) => {
      // What fails in passing may be tried again with the same backend.
      this.#home = undefined
      throw error
    })
    const home = await this.#home
    return {
      home,
      stderr: process.stderr,
      prepare: async (request) => this.#prepare(home, request),
      hold: (_batch, submit) => submit(),
      handle: (batch) => new BatchHandle(home, batch, { atEnd: (record) => this.#settle(home, record) }),
      open: (batch) => this.#showPage(batch),
    }
  }

  #showPage(batch: BatchId): string | undefined {
    const page = batchPage(this.#configuration, batch)
    if (page !== undefined) openBrowser(page, this.#environment)
    return page
  }

  #prepare(home: GoogleHome, request: SubmitRequest): Prepared {
    const { batch } = request
    const placed = placeInputs(placeRegions(request.spec, this.#configuration.regions), home.rootOf(batch))
    const { spec, destinations } = takeLocalDestinations(placed.spec)
    const upload = () => uploadInputs(home.objects, placed.uploads)
    return {
      request: { ...request, spec, upload, holdsScratch: request.deleteScratch && destinations.length > 0 },
      submitted: (numbers) => {
        const numbered = destinations.map((destination) => ({ ...destination, job: numbers[destination.index] ?? 0 }))
        this.#add(batch, numbered)
      },
    }
  }

  #add(batch: BatchId, destinations: readonly NumberedDestination[]): void {
    this.#destinations.set(batch, [...(this.#destinations.get(batch) ?? []), ...destinations])
  }

  /** Brings local outputs home, and only then lets go of the batch's folder. */
  #settle(home: GoogleHome, record: BatchRecord): Promise<void> {
    const settle = async () => {
      const destinations = this.#destinations.get(record.id)
      if (destinations === undefined || destinations.length === 0) return
      // Taken away first: a run that is submitted meanwhile adds its own.
      this.#destinations.delete(record.id)
      try {
        await fetchDestinations(home, record, destinations)
      } catch (error) {
        this.#add(record.id, destinations)
        throw error
      }
      const released = await commitBatchEvent(home, record.id, { type: 'scratchReleased' })
      if (released !== undefined) await pokeBatch(home, released)
    }
    this.#fetching = this.#fetching.then(settle, settle)
    return this.#fetching
  }
}
