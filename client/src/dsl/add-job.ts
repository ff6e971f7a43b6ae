import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { checkAttributes } from './attributes.ts'
import { BashJob } from './bash-job.ts'
import { bashTask } from './bash-task.ts'
import type { BatchGraph } from './batch-graph.ts'
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
import type { JobTask } from './job-task.ts'
import type { AnyOutputs, GroupTemplates, Outputs } from './outputs.ts'
import { PythonJob, pythonCallsOf } from './python/python-job.ts'
import { pythonTask } from './python/python-task.ts'

const defaultShell = '/bin/bash'

/** A draft with the next number. @throws InvalidBatchError if its name or attributes are not possible */
function draftJob(graph: BatchGraph, options: JobOptions): JobDraft {
  const number = graph.entries.length + 1
  const { name, attributes = {} } = options
  const refuse: Refuse = (message) => invalidJob({ name: undefined, number }, message)
  checkName(name, refuse)
  checkAttributes(attributes, (message) => invalidJob({ name, number }, message))
  return { batch: graph, number, name, attributes: { ...attributes }, settings: {}, submission: { state: 'open' } }
}

/** Declares a job's outputs. @throws InvalidBatchError */
function declareOutputs(outputs: JobOutputs, options: OutputOptions<string, GroupTemplates>): void {
  if (options.outputs !== undefined) outputs.declareFiles(options.outputs)
  if (options.resourceGroups !== undefined) outputs.declareGroups(options.resourceGroups)
}

/** What differs from one kind of job to the other. */
interface JobKind<J extends Job> {
  /** The image of jobs of this kind, unless they name their own. */
  readonly defaultImage: string | null | undefined
  make(draft: JobDraft, outputs: JobOutputs): J
  taskOf(job: J, draft: JobDraft): JobTask
}

/** Makes a job as the options say: from now on it is part of a run. @throws InvalidBatchError */
function addJob<J extends Job>(
  graph: BatchGraph,
  batch: object,
  options: JobOptions & OutputOptions<string, GroupTemplates>,
  { defaultImage, make, taskOf }: JobKind<J>,
): J {
  const draft = draftJob(graph, options)
  const outputs = new JobOutputs(draft, graph)
  const job = make(draft, outputs)
  Object.defineProperty(job, 'batch', { value: batch })
  declareOutputs(outputs, options)
  applyOptions(job, options)
  const entry = { outputs, task: () => taskOf(job, draft), defaultImage }
  // Jobs found again by their names are given any output: the table refuses undeclared ones when they are asked for.
  graph.entries.push({ ...entry, job: job as Job as Job<AnyOutputs> })
  return job
}

/** @throws InvalidBatchError */
export function addBashJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: BashJobOptions<F, G>,
): BashJob<Outputs<F, G>> {
  const { defaults } = graph.options
  return addJob(graph, batch, options, {
    defaultImage: defaults.image,
    make: (draft, outputs) => {
      const job = new BashJob<Outputs<F, G>>(draft, outputs)
      return options.shell === undefined ? job : job.shell(options.shell)
    },
    taskOf: (job, { settings }) => bashTask(job, settings.shell ?? defaults.shell ?? defaultShell),
  })
}

/** @throws InvalidBatchError */
export function addFunctionJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: FunctionJobOptions<F, G>,
): FunctionJob<Outputs<F, G>> {
  return addJob(graph, batch, options, {
    defaultImage: graph.options.defaultFunctionImage,
    make: (draft, outputs) => new FunctionJob<Outputs<F, G>>(draft, outputs),
    taskOf: (job) => functionTask(callsOf(job)),
  })
}

/** @throws InvalidBatchError */
export function addPythonJob<F extends string, G extends GroupTemplates>(
  graph: BatchGraph,
  batch: object,
  options: PythonJobOptions<F, G>,
): PythonJob<Outputs<F, G>> {
  const defaultImage = graph.options.defaultPythonImage
  return addJob(graph, batch, options, {
    defaultImage,
    make: (draft, outputs) => new PythonJob<Outputs<F, G>>(draft, outputs, defaultImage),
    taskOf: (job) => pythonTask(pythonCallsOf(job)),
  })
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
