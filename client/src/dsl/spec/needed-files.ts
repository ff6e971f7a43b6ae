import { UndefinedResourceError } from '../../errors/undefined-resource-error.ts'
import { draftOf, type Job } from '../job.ts'
import { invalidJob, jobLabel } from '../job-draft.ts'
import type { JobOutputs } from '../job-outputs.ts'
import { type JobResourceFile, outputPlaceOf } from '../job-resource-file.ts'
import type { JobTask } from '../job-task.ts'
import { originOf } from '../resource-group.ts'
import { filesOf, groupAround } from './files-of.ts'

/** What is known of a job that makes files. */
export interface Maker {
  readonly job: Job
  readonly outputs: JobOutputs
  /** The image of jobs of its kind, unless they name their own. */
  readonly defaultImage: string | null | undefined
  readonly task: JobTask
}

/** The files of one job that somebody waits for, each with its destinations. */
export class NeededFiles {
  readonly #maker: Maker
  readonly #destinations = new Map<JobResourceFile, Set<string>>()
  #made: Set<unknown> | undefined

  constructor(maker: Maker) {
    this.#maker = maker
  }

  /** @throws UndefinedResourceError if nothing would make the file */
  add(file: JobResourceFile, destination?: string): void {
    let destinations = this.#destinations.get(file)
    if (destinations === undefined) {
      this.#checkMade(file)
      destinations = new Set()
      this.#destinations.set(file, destinations)
    }
    if (destination !== undefined) destinations.add(destination)
  }

  get files(): ReadonlyMap<JobResourceFile, ReadonlySet<string>> {
    return this.#destinations
  }

  #checkMade(file: JobResourceFile): void {
    const { job, outputs, task } = this.#maker
    const draft = draftOf(job)
    const { name } = outputPlaceOf(file)
    const label = `The file '${name}' of job ${jobLabel(draft)} is needed`
    if (!task.hasWork) throw undefinedFile(draft.name, `${label}, but the job has no command; give it one.`)
    const group = groupAround(file)
    const origin = group && originOf(group)
    if (outputs.isDeclared(origin?.kind === 'job' ? origin.name : name)) return
    this.#made ??= new Set([...task.mentioned].flatMap(filesOf))
    if (this.#made.has(file)) return
    throw undefinedFile(
      draft.name,
      `${label}, but none of its commands mentions it; write it where the command makes the file.`,
    )
  }
}

const undefinedFile = (job: string | undefined, message: string) => new UndefinedResourceError({ message, job })

/** @throws InvalidBatchError if two outputs of a job would be one file */
export function checkDistinct(job: Job, files: Iterable<JobResourceFile>): void {
  const names = new Map<string, string>()
  for (const file of files) {
    const { path, name } = outputPlaceOf(file)
    const other = names.get(path)
    if (other !== undefined)
      throw invalidJob(draftOf(job), `has the outputs '${other}' and '${name}' in one file, '${path}'; rename one.`)
    names.set(path, name)
  }
}
