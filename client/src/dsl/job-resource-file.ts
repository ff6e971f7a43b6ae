import { inspect } from './inspect.ts'
import { draftOf, type Job } from './job.ts'
import { assertOpen, invalidJob } from './job-draft.ts'
import { problemOfName } from './names.ts'
import type { ResourceScope } from './resource.ts'
import { ResourceFile } from './resource-file.ts'

/** One output of a job. */
export interface OutputPlace {
  readonly job: Job
  /** As messages name it: `counts`, or `ofile.bed` for a member of a group. */
  readonly name: string
  /** The path below the job's folder, without an extension added later. */
  readonly path: string
  readonly isMember: boolean
}

let readPlace: (file: JobResourceFile) => OutputPlace & { readonly extension: string }

/**
 * A file or folder that a job makes. Has a place of its own, which the job's command is told by mentioning it.
 *
 * @example
 * ```ts
 * import { Batch, type JobResourceFile } from 'graupel'
 *
 * const batch = new Batch()
 * const job = batch.newJob({ name: 'hello', outputs: ['text'] })
 * const text: JobResourceFile = job.out.text
 * job.command`echo hello > ${text}`
 * batch.writeOutput(text, 'out/hello.txt')
 * ```
 */
export class JobResourceFile extends ResourceFile {
  readonly #place: OutputPlace
  #extension = ''

  static {
    readPlace = (file) => ({ ...file.#place, extension: file.#extension })
  }

  constructor(scope: ResourceScope, place: OutputPlace) {
    super(scope)
    this.#place = place
  }

  override source(): Job {
    return this.#place.job
  }

  /**
   * Gives the file's name an extension, for programs that look at it. Works before and after `command`. Once.
   *
   * @example `job.out.table.addExtension('.tsv')`
   * @throws InvalidBatchError if it has one, does not begin with a dot, or the job has been submitted
   */
  addExtension(extension: `.${string}`): this {
    const { job, name, path, isMember } = this.#place
    const draft = draftOf(job)
    assertOpen(draft, 'addExtension()')
    if (isMember)
      throw invalidJob(draft, `adds '${extension}' to '${name}', whose name its group decides; change the template.`)
    if (this.#extension !== '')
      throw invalidJob(draft, `adds '${extension}' to '${name}', which has '${this.#extension}'; add it once.`)
    const problem = problemOfName(path + extension)
    if (!extension.startsWith('.') || problem !== undefined)
      throw invalidJob(
        draft,
        `adds '${extension}' to '${name}'; write a dot and a part of a file name, such as '.txt'.`,
      )
    this.#extension = extension
    return this
  }

  override [inspect](): string {
    const draft = draftOf(this.#place.job)
    return `JobResourceFile(${draft.name ?? draft.number} › ${this.#place.name}${this.#extension})`
  }
}

/** Where a file lies now: an extension may still be added. */
export function outputPlaceOf(file: JobResourceFile): OutputPlace {
  const { extension, ...place } = readPlace(file)
  return { ...place, path: place.path + extension }
}
