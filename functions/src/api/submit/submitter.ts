import { readBatch } from 'graupel/engine'
import { type BatchId, type BatchRecord, type BatchUpdate, batchIdSchema, isDeleted } from 'graupel/model'
import {
  batchIdOfToken,
  type JobSpec,
  type SubmissionServices,
  type SubmitRequest,
  type Submitted,
  submitBatch,
} from 'graupel/submission'
import type { ApiServices } from '../api-services.ts'
import { findBatch } from '../find-batch.ts'
import { type Draft, Drafts, firstUpdate, updateNumberOf } from './drafts.ts'
import type { HailJob } from './hail-job.ts'
import type { HailBatch, HailUpdate } from './hail-submission.ts'
import { conflict, notFound, refusals } from './refuse.ts'
import { earlierJobsOf, noEarlierJobs, toBatchSpec, toJobSpec, toJobSpecs } from './to-batch-spec.ts'

/** Where jobs of a submission begin, in Hail's words. There are no job groups but the batch itself. */
const started = (update: Pick<BatchUpdate, 'firstJob'>) => ({
  start_job_id: update.firstJob,
  start_job_group_id: 1,
})

/** Submits what Hail's clients describe. Everything may be repeated: the token finds what is there. */
export class Submitter {
  readonly #services: ApiServices
  readonly #remoteTmpdir: string
  readonly #drafts: Drafts

  constructor(services: ApiServices, remoteTmpdir: string) {
    this.#services = services
    this.#remoteTmpdir = remoteTmpdir
    this.#drafts = new Drafts(services.objects)
  }

  /** A whole batch in one request. */
  async createFast(user: string, batch: HailBatch, bunch: readonly HailJob[]) {
    const id = batchIdOfToken(user, batch.token)
    const jobs = toJobSpecs(bunch, batch.n_jobs, noEarlierJobs)
    return { id, ...started(await this.#submitFirst(id, user, batch, jobs)) }
  }

  /** Announces a batch whose jobs come in bunches; one without jobs is there at once. */
  async create(user: string, batch: HailBatch) {
    const id = batchIdOfToken(user, batch.token)
    if (batch.n_jobs === 0) {
      await this.#submitFirst(id, user, batch, [])
      return { id, update_id: null }
    }
    const record = await this.#recordOf(id)
    if (record !== undefined && isDeleted(record))
      throw conflict(`batch ${id} of token '${batch.token}' was deleted; use another token`)
    if (record === undefined) await this.#drafts.open(this.#rootOf(id), firstUpdate, { kind: 'batch', user, batch })
    return { id, update_id: firstUpdate }
  }

  /** More jobs for a batch, in one request. */
  async updateFast(batch: string, user: string, update: HailUpdate, bunch: readonly HailJob[]) {
    const found = await findBatch(this.#services.store, batch)
    const jobs = toJobSpecs(bunch, update.n_jobs, earlierJobsOf(found))
    const submitted = await this.#submitLater(found.id, user, update, jobs)
    return { update_id: updateNumberOf(update.token), ...started(submitted) }
  }

  /** Announces more jobs for a batch. Where they begin is known when they are committed. */
  async createUpdate(batch: string, user: string, update: HailUpdate) {
    const { id } = await findBatch(this.#services.store, batch)
    const number = updateNumberOf(update.token)
    await this.#drafts.open(this.#rootOf(id), number, { kind: 'update', user, update })
    return { update_id: number }
  }

  async addBunch(batch: string, update: number, jobs: readonly HailJob[]): Promise<void> {
    const { id } = await this.#findDraft(batch, update)
    // Whether earlier jobs are there is seen at the commit; all else is refused while the client still knows the bunch.
    for (const job of jobs) toJobSpec(job, () => true)
    await this.#drafts.addBunch(this.#rootOf(id), update, jobs)
  }

  async commit(batch: string, update: number) {
    const id = parseId(batch)
    const before = committedUpdate(await this.#recordOf(id), update)
    if (before !== undefined) return started(before)
    const { draft } = await this.#findDraft(batch, update)
    const jobs = await this.#drafts.jobsOf(this.#rootOf(id), update)
    // A commit at the same time takes the bunches away when it is done.
    const meanwhile = committedUpdate(await this.#recordOf(id), update)
    if (meanwhile !== undefined) return started(meanwhile)
    const submitted = await this.#submitDraft(id, draft, jobs)
    await this.#drafts.remove(this.#rootOf(id), update)
    return started(submitted)
  }

  async #submitDraft(id: BatchId, draft: Draft, jobs: readonly HailJob[]): Promise<Submitted> {
    if (draft.kind === 'batch')
      return this.#submitFirst(id, draft.user, draft.batch, toJobSpecs(jobs, draft.batch.n_jobs, noEarlierJobs))
    const record = await findBatch(this.#services.store, id)
    const specs = toJobSpecs(jobs, draft.update.n_jobs, earlierJobsOf(record))
    return this.#submitLater(id, draft.user, draft.update, specs)
  }

  #submitFirst(id: BatchId, user: string, batch: HailBatch, jobs: readonly JobSpec[]): Promise<Submitted> {
    const { token, callback } = batch
    return this.#submit(user, {
      batch: id,
      isUpdate: false,
      token,
      spec: toBatchSpec(batch, jobs),
      callback: callback ?? undefined,
      deleteScratch: true,
      holdsScratch: false,
    })
  }

  #submitLater(id: BatchId, user: string, { token }: HailUpdate, jobs: readonly JobSpec[]): Promise<Submitted> {
    const spec = toBatchSpec({}, jobs)
    const fixed = { isUpdate: true, callback: undefined, deleteScratch: true, holdsScratch: false }
    return this.#submit(user, { batch: id, token, spec, ...fixed })
  }

  #submit(user: string, request: SubmitRequest): Promise<Submitted> {
    const { store, bus, objects, clock, placement } = this.#services
    const { deployedLanes } = placement
    const rootOf = (batch: BatchId) => this.#rootOf(batch)
    const services: SubmissionServices = { store, bus, objects, clock, user, deployedLanes, rootOf }
    return refusals(() => submitBatch(services, request))
  }

  async #findDraft(batch: string, update: number): Promise<{ id: BatchId; draft: Draft }> {
    const id = parseId(batch)
    const draft = await this.#drafts.find(this.#rootOf(id), update)
    if (draft === undefined) throw notFound(`batch ${batch} has no update ${update} under way`)
    return { id, draft }
  }

  async #recordOf(id: BatchId): Promise<BatchRecord | undefined> {
    return (await readBatch(this.#services.store, id))?.record
  }

  #rootOf(batch: BatchId): string {
    return `${this.#remoteTmpdir}/${batch}`
  }
}

function parseId(text: string): BatchId {
  const parsed = batchIdSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw notFound(`there is no batch ${text}`)
}

function committedUpdate(record: BatchRecord | undefined, number: number): BatchUpdate | undefined {
  const numberOf = ({ token }: BatchUpdate, index: number) => (index === 0 ? firstUpdate : updateNumberOf(token))
  return record?.updates.find((update, index) => update.isCommitted && numberOf(update, index) === number)
}
