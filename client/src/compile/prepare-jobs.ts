import {
  type Input,
  type JobDetail,
  type JobTemplate,
  maxInlineDetailBytes,
  type PlannedJob,
  type Text,
} from '../model/index.ts'
import type { BatchSpec, JobSpec } from './batch-spec.ts'
import { elementAt } from './element-at.ts'
import { JobTooLarge } from './job-too-large.ts'
import { jobBytes, objectReferenceBytes } from './json-bounds.ts'
import type { Numbering } from './parent-lists.ts'
import { TemplateTable } from './template-table.ts'
import { utf8Length } from './utf8-length.ts'

/** A detail is read whole by its worker. */
const maxDetailBytes = 64 * 1024 * 1024
/** Name and attributes, and settings, stay in the chunk, which must fit a document of the store. */
const maxLabelBytes = 100 * 1024
const maxSettingsBytes = 100 * 1024

/** All jobs without their edges, in topological order. */
export interface PreparedJobs {
  /** What the chunk has of each job's detail. */
  readonly details: readonly PlannedJob['detail'][]
  /** Index into `templates` of each job's template. */
  readonly templateOf: Uint32Array
  readonly templates: readonly { readonly template: JobTemplate; readonly sizeBytes: number }[]
  /** An upper bound of each job's JSON in its chunk, template and edges not counted. */
  readonly sizesBytes: Uint32Array
  /** Details too large for a chunk, by the name of their object. */
  readonly objects: ReadonlyMap<string, string>
}

/** @throws JobTooLarge */
export function prepareJobs(spec: BatchSpec, numbering: Numbering, hash: (text: string) => string): PreparedJobs {
  const { order } = numbering
  const details: PlannedJob['detail'][] = []
  const objects = new Map<string, string>()
  const templates = new TemplateTable()
  const templateOf = new Uint32Array(order.length)
  const sizesBytes = new Uint32Array(order.length)
  order.forEach((index, position) => {
    const job = spec.jobs[index]
    if (job === undefined) throw new RangeError(`there is no job ${index}`)
    const entry = templates.add(job.template)
    if (entry.sizeBytes > maxSettingsBytes)
      throw new JobTooLarge({ index, spec: job }, 'settings', entry.sizeBytes, maxSettingsBytes)
    templateOf[position] = entry.index
    const { detail, sizeBytes } = placeDetail(job, index, numbering, { objects, hash })
    details.push(detail)
    sizesBytes[position] = jobBytes + sizeBytes + measureLabels(job, index)
  })
  return { details, templateOf, templates: templates.entries, sizesBytes, objects }
}

function measureLabels(job: JobSpec, index: number): number {
  if (job.name === undefined && job.attributes === undefined) return 0
  const sizeBytes = utf8Length(JSON.stringify([job.name, job.attributes]))
  if (sizeBytes > maxLabelBytes) throw new JobTooLarge({ index, spec: job }, 'labels', sizeBytes, maxLabelBytes)
  return sizeBytes
}

interface DetailObjects {
  readonly objects: Map<string, string>
  readonly hash: (text: string) => string
}

function placeDetail(job: JobSpec, index: number, numbering: Numbering, { objects, hash }: DetailObjects) {
  const textLength = lengthOfTask(job.detail)
  // A text too long for the engine must be refused before it is made.
  if (textLength > maxDetailBytes) throw new JobTooLarge({ index, spec: job }, 'detail', textLength, maxDetailBytes)
  const detail = renumberInputs(job.detail, numbering)
  const text = JSON.stringify(detail)
  const sizeBytes = utf8Length(text)
  if (sizeBytes > maxDetailBytes) throw new JobTooLarge({ index, spec: job }, 'detail', sizeBytes, maxDetailBytes)
  if (sizeBytes <= maxInlineDetailBytes) return { detail, sizeBytes }
  const object = hash(text)
  objects.set(object, text)
  return { detail: { object }, sizeBytes: objectReferenceBytes }
}

function lengthOfTask({ task }: JobDetail): number {
  switch (task.kind) {
    case 'barrier':
      return 0
    case 'bash':
      return sum(task.script, (piece) => (typeof piece === 'string' ? piece.length : piece.path.length))
    case 'functions':
      return sum(task.calls, (call) => lengthOf(call.function.values) + lengthOf(call.arguments.values))
    case 'python':
      return sum(task.calls, (call) => lengthOf(call.arguments))
    default:
      return task satisfies never
  }
}

const lengthOf = (text: Text): number => (typeof text === 'string' ? text.length : text.path.length)

const sum = <T>(items: readonly T[], measure: (item: T) => number): number =>
  items.reduce((total, item) => total + measure(item), 0)

const isJobInput = (input: Input): boolean => input.kind === 'job'

function renumberInputs(detail: JobDetail, { numbers }: Numbering): JobDetail {
  if (!detail.inputs.some(isJobInput)) return detail
  const inputs = detail.inputs.map((input) =>
    input.kind === 'job' ? { ...input, job: input.job < 0 ? -input.job : elementAt(numbers, input.job) } : input,
  )
  return { ...detail, inputs }
}
