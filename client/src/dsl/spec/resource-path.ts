import { InputResourceFile, placeOf } from '../input-resource-file.ts'
import type { Job } from '../job.ts'
import { draftOf } from '../job.ts'
import { JobResourceFile, outputPlaceOf } from '../job-resource-file.ts'
import { folderName } from '../names.ts'
import type { Resource } from '../resource.ts'
import { originOf, ResourceGroup } from '../resource-group.ts'

/** Where the files of one batch lie below `BATCH_TMPDIR`. */
export class Paths {
  readonly #prefix: string

  /** @param prefix keeps folders apart from those of other programs that add to the same batch */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** A job's own folder. */
  folderOf(job: Job): string {
    const { name, number } = draftOf(job)
    return folderName(name, this.#prefix + number.toString(36))
  }

  /** The folder of the extra job that copies inputs. A zero begins no other job's token. */
  folderOfWriting(run: number): string {
    return folderName('write-inputs', `${this.#prefix}0${run.toString(36)}`)
  }

  /** The folder of an input, and the path of an input group. */
  folderOfRead(read: number): string {
    return `inputs/${this.#prefix}${read.toString(36)}`
  }

  of(resource: Resource): string {
    if (resource instanceof JobResourceFile) {
      const { job, path } = outputPlaceOf(resource)
      return `${this.folderOf(job)}/${path}`
    }
    if (resource instanceof InputResourceFile) {
      const { read, path } = placeOf(resource)
      return `${this.folderOfRead(read)}/${path}`
    }
    if (!(resource instanceof ResourceGroup)) throw new TypeError('a resource is a file or a group')
    const origin = originOf(resource)
    return origin.kind === 'job' ? `${this.folderOf(origin.job)}/${origin.name}` : this.folderOfRead(origin.read)
  }
}
