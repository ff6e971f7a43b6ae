import { constants } from 'node:buffer'
import { readAttempts, readJob } from '../../engine/job-statuses.ts'
import { followLog } from '../../engine/logs/follow-log.ts'
import type { LogPlace } from '../../engine/logs/locate-log.ts'
import { type FoundLog, findLog } from '../../engine/logs/read-log.ts'
import { readUsage } from '../../engine/logs/read-usage.ts'
import { paths } from '../../engine/paths.ts'
import { readShardOfJob } from '../../engine/read-shards.ts'
import { decodeShard } from '../../engine/records.ts'
import { CancelledError } from '../../errors/cancelled-error.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { JobFailedError } from '../../errors/job-failed-error.ts'
import { type BatchId, type BatchRecord, isTerminal, type ShardRecord, stateOf } from '../../model/index.ts'
import type { JobControl } from '../batch-control.ts'
import type { Home } from '../home.ts'
import type { Attempt, JobStatus } from '../job-status.ts'
import type { ResourceUsage } from '../resource-usage.ts'
import type { WaitOptions } from '../run-options.ts'
import { cancelJob } from './cancel-job.ts'
import { readTailOfJob } from './failed-jobs.ts'
import { LateDocuments } from './late-documents.ts'
import { toJobStatus } from './public-status.ts'
import { splitLines } from './split-lines.ts'
import { waitForDocument } from './wait-for-document.ts'
import { waitLimits } from './wait-limits.ts'

const shownLines = 200

/** A text has no more characters than bytes. */
const longestText = constants.MAX_STRING_LENGTH

export interface JobHandleOptions {
  readonly batch: BatchId
  readonly job: number
  /** @throws BatchNotFoundError */
  readonly readBatch: () => Promise<BatchRecord>
}

/** What a program can do with one job of a submitted batch. */
export class JobHandle implements JobControl {
  readonly #home: Home
  readonly #batch: BatchId
  readonly #job: number
  readonly #readBatch: () => Promise<BatchRecord>

  constructor(home: Home, { batch, job, readBatch }: JobHandleOptions) {
    this.#home = home
    this.#batch = batch
    this.#job = job
    this.#readBatch = readBatch
  }

  async status(): Promise<JobStatus> {
    const record = await this.#readBatch()
    const read = () => readJob(this.#home.store, this.#batch, this.#job, this.#home.clock.now())
    const status = await read()
    if (status === undefined) throw this.#unknown(record)
    return toJobStatus(await new LateDocuments(this.#home, record.jobs).complete(status, read))
  }

  async attempts(): Promise<Attempt[]> {
    await this.status()
    return (await readAttempts(this.#home.store, this.#batch, this.#job, this.#home.clock.now())) ?? []
  }

  async log(attempt: number | undefined): Promise<string> {
    const log = await this.#findLog(attempt)
    if (log === undefined) return ''
    if (log.sizeBytes > longestText) throw this.#tooLong(log.sizeBytes)
    const decoder = new TextDecoder()
    const texts = await Array.fromAsync(log.chunks(), (chunk) => decoder.decode(chunk, { stream: true }))
    return texts.join('') + decoder.decode()
  }

  async logBytes(attempt: number | undefined): Promise<AsyncIterable<Uint8Array>> {
    const log = await this.#findLog(attempt)
    return log?.chunks() ?? nothing()
  }

  async resourceUsage(attempt: number | undefined): Promise<ResourceUsage[]> {
    const place = await this.#placeOf(attempt)
    const samples = place === undefined ? [] : await readUsage(this.#home.objects, place)
    return samples.map(({ at, ...amounts }) => ({ at: new Date(at), ...amounts }))
  }

  async *followLog(attempt: number | undefined): AsyncGenerator<string> {
    const { record, shard } = await this.#find()
    const number = attempt ?? Math.max(1, attemptsOf(shard, this.#job))
    if (number !== 1) this.#checkAttempt(number, attemptsOf(shard, this.#job))
    const isOver = (now: ShardRecord) =>
      isTerminal(stateIn(now, this.#job)) ||
      attemptsOf(now, this.#job) > number ||
      (attemptsOf(now, this.#job) === number && stateIn(now, this.#job) === 'Ready')
    const bytes = followLog({
      objects: this.#home.objects,
      place: { root: record.root, job: this.#job, attempt: number },
      hasEnded: async () => isOver((await this.#find()).shard),
      now: () => this.#home.clock.now(),
      pause: () => this.#home.clock.sleep(this.#home.logPollMs),
    })
    yield* splitLines(bytes)
  }

  async wait(options: WaitOptions): Promise<JobStatus> {
    const limits = waitLimits(options, `Job ${this.#job} of batch ${this.#batch}`)
    const { record, shard } = await this.#find()
    const path = paths.shard(shard.batch, shard.shard)
    await waitForDocument(
      this.#home,
      path,
      (document) =>
        document !== undefined && isTerminal(stateIn(decodeShard(document), this.#job)) ? true : undefined,
      limits,
    )
    const status = await this.status()
    if (options.throwOnFailure !== false && status.state !== 'Success') throw await this.#failure(record, status)
    return status
  }

  async cancel(): Promise<void> {
    const { record, shard } = await this.#find()
    await cancelJob(this.#home, record, shard, this.#job)
  }

  async #failure(record: BatchRecord, status: JobStatus): Promise<Error> {
    if (status.state !== 'Cancelled')
      return new JobFailedError({ status, log: await readTailOfJob(this.#home, record.root, status, shownLines) })
    const name = status.name === undefined ? `Job ${status.id}` : `Job '${status.name}' (${status.id})`
    const reason = status.reason === undefined ? '' : `: ${status.reason}`
    return new CancelledError({ message: `${name} was cancelled${reason}`, job: status.name })
  }

  async #findLog(attempt: number | undefined): Promise<FoundLog | undefined> {
    const place = await this.#placeOf(attempt)
    return place && findLog(this.#home.objects, place)
  }

  /** `undefined` if there has been no attempt yet, and none was asked for. */
  async #placeOf(attempt: number | undefined): Promise<LogPlace | undefined> {
    const { record, shard } = await this.#find()
    const newest = attemptsOf(shard, this.#job)
    const number = attempt ?? newest
    if (number === 0) return undefined
    this.#checkAttempt(number, newest)
    return { root: record.root, job: this.#job, attempt: number }
  }

  async #find(): Promise<{ readonly record: BatchRecord; readonly shard: ShardRecord }> {
    const record = await this.#readBatch()
    const shard = await readShardOfJob(this.#home.store, record, this.#job)
    if (shard === undefined) throw this.#unknown(record)
    return { record, shard }
  }

  #unknown({ id, jobs }: BatchRecord): InvalidBatchError {
    return new InvalidBatchError({ message: `Batch ${id} has no job ${this.#job}: its jobs are numbered 1 to ${jobs}` })
  }

  #tooLong(sizeBytes: number): InvalidBatchError {
    const log = `The log of job ${this.#job} of batch ${this.#batch}`
    const ways = `read its lines with log({ follow: true }), or write it to a file with 'graupel log ${this.#batch} ${this.#job}'`
    return new InvalidBatchError({ message: `${log} has ${sizeBytes} bytes, more than a text can hold: ${ways}` })
  }

  #checkAttempt(attempt: number, newest: number): void {
    if (Number.isInteger(attempt) && attempt >= 1 && attempt <= newest) return
    throw new InvalidBatchError({
      message: `Job ${this.#job} of batch ${this.#batch} has no attempt ${attempt}: it has had ${newest} so far`,
    })
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // No attempt, no log.
}

const stateIn = (shard: ShardRecord, job: number) => stateOf(shard.states[job - shard.firstJob] ?? '')

function attemptsOf(shard: ShardRecord, job: number): number {
  const place = 2 * (job - shard.firstJob)
  return Number.parseInt(shard.attempts.slice(place, place + 2), 16)
}
