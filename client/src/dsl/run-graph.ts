import { randomBytes } from 'node:crypto'
import type { Backend } from '../backends/backend.ts'
import type { RunOptions } from '../backends/run-options.ts'
import type { RunningBatch } from '../backends/running-batch.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { hash32 } from '../model/index.ts'
import type { BatchGraph } from './batch-graph.ts'
import { type BatchPlan, planBatch } from './batch-plan.ts'
import { checkInputs } from './check-inputs.ts'
import { draftOf } from './job.ts'
import { type NewJobs, toBatchSpec } from './spec/to-batch-spec.ts'

/** @throws whatever `run` throws before anything runs */
export async function dryRun(graph: BatchGraph, options: RunOptions): Promise<BatchPlan> {
  checkOptions(options)
  const { spec } = toBatchSpec(graph, { keepsFiles: options.deleteScratchOnExit === false })
  const plan = planBatch(spec)
  await checkInputs(spec)
  console.log(plan.toString())
  return plan
}

function checkOptions({ callback, token }: RunOptions): void {
  if (callback !== undefined && !/^https?:$/.test(URL.parse(String(callback))?.protocol ?? ''))
    throw new InvalidBatchError({ message: `run: the callback '${callback}' is no URL; write one of http or https.` })
  if (token === '') throw new InvalidBatchError({ message: 'run: the token is empty; write a text, or leave it out.' })
}

/** Submits what is new and, as the options say, waits for it. Submissions of one batch take turns. */
export async function runGraph<Running extends RunningBatch>(
  graph: BatchGraph,
  findBackend: () => Promise<Backend<Running>>,
  options: RunOptions,
): Promise<Running> {
  checkOptions(options)
  while (graph.turn !== undefined) await graph.turn
  const turn = Promise.withResolvers<void>()
  graph.turn = turn.promise
  const endTurn = () => {
    if (graph.turn === turn.promise) graph.turn = undefined
    turn.resolve()
  }
  try {
    return await submit(graph, findBackend, options, endTurn)
  } finally {
    endTurn()
  }
}

async function submit<Running extends RunningBatch>(
  graph: BatchGraph,
  findBackend: () => Promise<Backend<Running>>,
  options: RunOptions,
  endTurn: () => void,
): Promise<Running> {
  const keepsFiles = options.deleteScratchOnExit === false
  graph.folderPrefix ??= graph.isFound ? `${ownPrefix(options.token)}-` : ''
  const jobs = toBatchSpec(graph, { keepsFiles })
  const attempt = new SubmissionAttempt(graph, jobs, keepsFiles)
  try {
    await checkInputs(jobs.spec)
    const backend = await findBackend()
    return await backend.runBatch({
      spec: jobs.spec,
      batchId: graph.batchId,
      options,
      submitted(batchId, numbers) {
        attempt.succeed(batchId, numbers)
        endTurn()
      },
    })
  } finally {
    attempt.giveUp()
  }
}

/** Programs that add to one batch must not share folders; the same token must give the same plan. */
const ownPrefix = (token: string | undefined): string =>
  (hash32(token ?? randomBytes(8).toString('hex')) >>> 0).toString(36)

/** Jobs that are being submitted: fixed from the beginning, and open again if nothing comes of it. */
class SubmissionAttempt {
  readonly #graph: BatchGraph
  readonly #jobs: NewJobs
  readonly #keepsFiles: boolean
  readonly #writes: BatchGraph['writes']
  #isDone = false

  constructor(graph: BatchGraph, jobs: NewJobs, keepsFiles: boolean) {
    this.#graph = graph
    this.#jobs = jobs
    this.#keepsFiles = keepsFiles
    this.#writes = graph.writes
    graph.writes = []
    for (const { job } of jobs.entries) draftOf(job).submission = { state: 'underway' }
  }

  succeed(batchId: string, numbers: ArrayLike<number>): void {
    this.#isDone = true
    this.#graph.batchId = batchId
    this.#graph.runs += 1
    for (const name of this.#jobs.spec.texts?.keys() ?? []) this.#graph.sentTexts.add(name)
    for (const [index, { job }] of this.#jobs.entries.entries()) {
      const number = numbers[index]
      if (number === undefined) throw new RangeError(`the backend gave no number to job ${index} of ${numbers.length}`)
      draftOf(job).submission = { state: 'submitted', batchId, number, keepsFiles: this.#keepsFiles }
    }
  }

  giveUp(): void {
    if (this.#isDone) return
    this.#isDone = true
    this.#graph.writes = [...this.#writes, ...this.#graph.writes]
    for (const { job } of this.#jobs.entries) draftOf(job).submission = { state: 'open' }
  }
}
