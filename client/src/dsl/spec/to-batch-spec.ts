import type { BatchSpec, JobSpec } from '../../compile/batch-spec.ts'
import type { Output } from '../../model/index.ts'
import type { BatchGraph, JobEntry } from '../batch-graph.ts'
import { EarlierJob } from '../earlier-job.ts'
import { dependenciesOf, draftOf } from '../job.ts'
import { JobResourceFile, outputPlaceOf } from '../job-resource-file.ts'
import { pathOfText } from '../shared-texts.ts'
import { filesOf } from './files-of.ts'
import { checkDistinct, type Maker, NeededFiles } from './needed-files.ts'
import { collectReading, type Places, type Reading } from './reading.ts'
import { resolveTemplate } from './resolve-template.ts'
import { Paths } from './resource-path.ts'
import { assignWrites, checkDestinations, writingJob } from './writing.ts'

export interface SpecOptions {
  /** Later runs may read any file that is declared or mentioned, so all are kept. */
  readonly keepsFiles: boolean
}

/** A batch's jobs as data, and which job each of the first ones is: an extra one may follow them. */
export interface NewJobs {
  readonly spec: BatchSpec
  readonly entries: readonly JobEntry[]
}

/**
 * The jobs that have not been submitted, as data. The same program gives the same data.
 *
 * @throws UndefinedResourceError if a needed file is made by no command
 * @throws InvalidBatchError if two files go to one destination, or a file of an earlier run is gone
 */
export function toBatchSpec(graph: BatchGraph, { keepsFiles }: SpecOptions = { keepsFiles: false }): NewJobs {
  const entries = graph.entries.filter(({ job }) => draftOf(job).submission.state === 'open')
  const makers = entries.map(({ task, ...entry }): Maker => ({ ...entry, task: task() }))
  const places: Places = {
    indexes: new Map(entries.map(({ job }, index) => [job, index])),
    needed: makers.map((maker) => new NeededFiles(maker)),
    paths: new Paths(graph.folderPrefix ?? ''),
  }
  checkDestinations(graph.writes)
  const extraWrites = assignWrites(graph.writes, places)
  for (const [index, maker] of makers.entries()) keepValues(maker, places.needed[index])
  const readings = makers.map(({ job, task }) => collectReading(job, task.mentioned, places))
  const jobs = makers.map((maker, index) => toJobSpec(graph, maker, readings[index], { places, keepsFiles }))
  if (extraWrites.length > 0) jobs.push(writingJob(graph, extraWrites, places))
  const { name, attributes, cancelAfterNFailures } = graph.options
  return { spec: { name, attributes, cancelAfterNFailures, jobs, texts: newTexts(graph, makers) }, entries }
}

/** The program may ask for these when the run has ended, and its scratch is gone. */
function keepValues({ task }: Maker, needed: NeededFiles | undefined): void {
  for (const [file, name] of task.kept) needed?.add(file, `value:${name}`)
}

/** Those that an earlier run has brought are with the batch. */
function newTexts(graph: BatchGraph, makers: readonly Maker[]): Map<string, string> {
  const texts = makers.flatMap(({ task }) => [...task.texts])
  return new Map(texts.filter(([name]) => !graph.sentTexts.has(name)))
}

function toJobSpec(
  graph: BatchGraph,
  maker: Maker,
  reading: Reading | undefined,
  context: { readonly places: Places; readonly keepsFiles: boolean },
): JobSpec {
  const { job, task } = maker
  const { name, attributes, settings } = draftOf(job)
  const { places } = context
  const texts = [...task.texts.keys()].map((text) => ({ kind: 'text', name: text, path: pathOfText(text) }) as const)
  const defaults = { ...graph.options.defaults, image: maker.defaultImage }
  const waits = collectDependencies(maker, places, reading)
  return {
    name,
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
    template: resolveTemplate(settings, defaults, graph.options.requesterPaysProject),
    detail: {
      task: task.toTask((resource) => places.paths.of(resource)),
      directory: places.paths.folderOf(job),
      inputs: [...(reading?.inputs ?? []), ...texts],
      links: reading?.links ?? [],
      outputs: outputsOfJob(maker, context),
    },
    parents: [...waits.parents],
    earlierParents: [...waits.earlierParents],
  }
}

/** Explicit dependencies, and those that files make. */
function collectDependencies({ job }: Maker, { indexes }: Places, reading: Reading | undefined) {
  const parents = new Set(reading?.parents)
  const earlierParents = new Set(reading?.earlierParents)
  for (const dependency of dependenciesOf(job)) {
    const index = dependency instanceof EarlierJob ? undefined : indexes.get(dependency)
    if (index !== undefined) parents.add(index)
    else if (dependency instanceof EarlierJob) earlierParents.add(dependency.id)
    else {
      const { submission } = draftOf(dependency)
      if (submission.state === 'submitted') earlierParents.add(submission.number)
    }
  }
  return { parents, earlierParents }
}

/** What the job makes that somebody waits for; where files are kept, also what later runs may ask for. */
function outputsOfJob(maker: Maker, context: { readonly places: Places; readonly keepsFiles: boolean }): Output[] {
  const { indexes, needed, paths } = context.places
  const mentioned = [...maker.outputs.known(), ...maker.task.mentioned].flatMap(filesOf)
  const made = mentioned.filter((file) => file instanceof JobResourceFile)
  const known = new Set(made.filter((file) => file.source() === maker.job))
  checkDistinct(maker.job, known)
  const files = needed[indexes.get(maker.job) ?? -1]?.files ?? new Map<JobResourceFile, ReadonlySet<string>>()
  const optional = context.keepsFiles ? [...known].filter((file) => !files.has(file)) : []
  return [
    ...[...files].map(([file, destinations]) => toOutput(file, paths, true, destinations)),
    ...optional.map((file) => toOutput(file, paths, false, new Set<string>())),
  ]
}

const toOutput = (
  file: JobResourceFile,
  paths: Paths,
  isNeeded: boolean,
  destinations: ReadonlySet<string>,
): Output => ({
  name: outputPlaceOf(file).name,
  path: paths.of(file),
  isNeeded,
  destinations: [...destinations],
})
