import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { checkAttributes } from './attributes.ts'
import { BashJob } from './bash-job.ts'
import { bashTask } from './bash-task.ts'
import type { BatchGraph, JobEntry } from './batch-graph.ts'
import { checkName, type Refuse } from './check-settings.ts'
import { EarlierJob } from './earlier-job.ts'
import { callsOf, FunctionJob } from './function-job.ts'
import { functionTask } from './function-task.ts'
import type { Job } from './job.ts'
import { batchLabel, invalidJob, type JobDraft } from './job-draft.ts'
import {
  applyOptions,
  type BashJobOptions,
  type FunctionJobOptions,
  type JobOptions,
  type OutputOptions,
  type PythonJobOptions,
} from './job-options.ts'
import { JobOutputs } from './job-outputs.ts'
import type { AnyOutputs, GroupTemplates, Outputs } from './outputs.ts'
import { PythonJob, pythonCallsOf } from './python/python-job.ts'
import { pythonTask } from './python/python-task.ts'

const defaultShell = '/bin/bash'

/** A draft with the next number. @throws InvalidBatchError if its name or attributes are not possible */
export function draftJob(graph: BatchGraph, options: JobOptions): JobDraft {
  const number = graph.entries.length + 1
  const { name, attributes = {} } = options
  const refuse: Refuse = (message) => invalidJob({ name: undefined, number }, message)
  checkName(name, refuse)
  checkAttributes(attributes, (message) => invalidJob({ name, number }, message))
  return { batch: graph, number, name, attributes: { ...attributes }, settings: {}, submission: { state: 'open' } }
}

/** Declares a job's outputs. @throws InvalidBatchError */
export function declareOutputs(outputs: JobOutputs, options: OutputOptions<string, GroupTemplates>): void {
  if (options.outputs !== undefined) outputs.declareFiles(options.outputs)
  if (options.resourceGroups !== undefined) outputs.declareGroups(options.resourceGroups)
}

/** Adds a job to its batch: from now on it is part of a run. */
export function enterJob(graph: BatchGraph, entry: Omit<JobEntry, 'job'> & { readonly job: Job }): void {
  // Jobs found again by their names are given any output: the table refuses undeclared ones when they are asked for.
  graph.entries.push({ ...entry, job: entry.job as Job<AnyOutputs> })
}

/** Declares what the job makes, sets what the options say, and lets the job know its batch. @throws InvalidBatchError */
function describeJob(job: Job, outputs: JobOutputs, batch: object, options: AnyJobOptions): void {
  Object.defineProperty(job, 'batch', { value: batch })
  declareOutputs(outputs, options)
  applyOptions(job, options)
}

type AnyJobOptions = JobOptions & OutputOptions<string, GroupTemplates>

/** @throws InvalidBatchError */
export function addBashJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: BashJobOptions<F, G>,
): BashJob<Outputs<F, G>> {
  const draft = draftJob(graph, options)
  const outputs = new JobOutputs(draft, graph)
  const job = new BashJob<Outputs<F, G>>(draft, outputs)
  describeJob(job, outputs, batch, options)
  if (options.shell !== undefined) job.shell(options.shell)
  const { defaults } = graph.options
  const task = () => bashTask(job, draft.settings.shell ?? defaults.shell ?? defaultShell)
  enterJob(graph, { job, outputs, task, defaultImage: defaults.image })
  return job
}

/** @throws InvalidBatchError */
export function addFunctionJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: FunctionJobOptions<F, G>,
): FunctionJob<Outputs<F, G>> {
  const draft = draftJob(graph, options)
  const outputs = new JobOutputs(draft, graph)
  const job = new FunctionJob<Outputs<F, G>>(draft, outputs)
  describeJob(job, outputs, batch, options)
  const defaultImage = graph.options.defaultFunctionImage
  enterJob(graph, { job, outputs, task: () => functionTask(callsOf(job)), defaultImage })
  return job
}

/** @throws InvalidBatchError */
export function addPythonJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: PythonJobOptions<F, G>,
): PythonJob<Outputs<F, G>> {
  const draft = draftJob(graph, options)
  const outputs = new JobOutputs(draft, graph)
  const defaultImage = graph.options.defaultPythonImage
  const job = new PythonJob<Outputs<F, G>>(draft, outputs, defaultImage)
  describeJob(job, outputs, batch, options)
  enterJob(graph, { job, outputs, task: () => pythonTask(pythonCallsOf(job)), defaultImage })
  return job
}

/** @throws InvalidBatchError */
export function earlierJob(graph: BatchGraph, id: number): EarlierJob {
  if (graph.batchId === undefined) {
    const message = `Batch ${batchLabel(graph)} has not been submitted, so it has no earlier job ${id}; use the job itself, or Batch.fromBatchId.`
    throw new InvalidBatchError({ message })
  }
  if (!Number.isSafeInteger(id) || id < 1)
    throw new InvalidBatchError({ message: `Batch ${graph.batchId} has no job ${id}; numbers of jobs start at 1.` })
  return new EarlierJob(graph, id)
}
