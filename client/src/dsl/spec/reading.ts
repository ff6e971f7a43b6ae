import type { Input, Link } from '../../model/index.ts'
import { InputResourceFile, placeOf } from '../input-resource-file.ts'
import { draftOf, type Job } from '../job.ts'
import { invalidJob, jobLabel } from '../job-draft.ts'
import { JobResourceFile, outputPlaceOf } from '../job-resource-file.ts'
import type { Resource } from '../resource.ts'
import type { ResourceFile } from '../resource-file.ts'
import { membersOf, originOf } from '../resource-group.ts'
import { nameOfValue } from '../result.ts'
import { filesOf, groupAround } from './files-of.ts'
import type { NeededFiles } from './needed-files.ts'
import type { Paths } from './resource-path.ts'

/** The jobs of one submission, by their place in it. */
export interface Places {
  readonly indexes: ReadonlyMap<Job, number>
  readonly needed: readonly NeededFiles[]
  readonly paths: Paths
}

/** What one job has to have in place, and whom it waits for because of that. */
export interface Reading {
  readonly inputs: Input[]
  readonly links: Link[]
  readonly parents: Set<number>
  readonly earlierParents: Set<number>
}

/**
 * Collects the inputs of a job from what it mentions, and marks them as needed where they are made.
 *
 * @param reader `undefined`: the job that copies inputs to their destinations
 * @throws UndefinedResourceError, InvalidBatchError
 */
export function collectReading(reader: Job | undefined, mentioned: Iterable<Resource>, places: Places): Reading {
  const reading: Reading = { inputs: [], links: [], parents: new Set(), earlierParents: new Set() }
  const seen = new Set<Resource>()
  for (const resource of mentioned) {
    addLinks(resource, places, reading, seen)
    for (const file of filesOf(resource)) {
      if (seen.has(file)) continue
      seen.add(file)
      addFile(reader, file, places, reading)
    }
  }
  return reading
}

function addFile(reader: Job | undefined, file: ResourceFile, places: Places, reading: Reading): void {
  const path = places.paths.of(file)
  if (file instanceof InputResourceFile) reading.inputs.push({ kind: 'object', uri: placeOf(file).location.uri, path })
  if (!(file instanceof JobResourceFile) || file.source() === reader) return
  const index = places.indexes.get(file.source())
  if (index === undefined) {
    const value = earlierValue(file, path)
    if (value !== undefined) {
      reading.earlierParents.add(value.job)
      reading.inputs.push(value)
      return
    }
    const number = earlierNumber(reader, file)
    reading.earlierParents.add(number)
    // The file of a job of an earlier submission has that job's number, negated.
    reading.inputs.push({ kind: 'job', job: -number, path })
    return
  }
  places.needed[index]?.add(file)
  reading.parents.add(index)
  reading.inputs.push({ kind: 'job', job: index, path })
}

/** The value of a result outlives the run that made it. */
function earlierValue(file: JobResourceFile, path: string): Extract<Input, { kind: 'value' }> | undefined {
  const name = nameOfValue(file)
  const { submission } = draftOf(file.source())
  if (name === undefined || submission.state !== 'submitted') return undefined
  return { kind: 'value', job: submission.number, name, path }
}

/** @throws InvalidBatchError if the file is gone with its run */
function earlierNumber(reader: Job | undefined, file: JobResourceFile): number {
  const maker = draftOf(file.source())
  const { submission } = maker
  if (submission.state === 'submitted' && submission.keepsFiles) return submission.number
  const message =
    `needs the file '${outputPlaceOf(file).name}' of job ${jobLabel(maker)}, which ran earlier and whose files are ` +
    'deleted; run it with deleteScratchOnExit: false.'
  throw invalidJob(reader === undefined ? { name: 'write-inputs', number: 0 } : draftOf(reader), message)
}

/** Members of an input group keep their names, and can be reached by the group's too. */
function addLinks(resource: Resource, { paths }: Places, reading: Reading, seen: Set<Resource>): void {
  const group = groupAround(resource)
  if (group === undefined || seen.has(group) || originOf(group).kind !== 'input') return
  seen.add(group)
  for (const [member, file] of membersOf(group)) {
    reading.links.push({ path: `${paths.of(group)}.${member}`, target: paths.of(file) })
  }
}
