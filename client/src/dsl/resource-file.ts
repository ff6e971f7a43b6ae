import { Resource } from './resource.ts'

let hasBrand: (value: object) => value is ResourceFile

/**
 * A file or folder: an input, or made by a job.
 *
 * @example
 * ```ts
 * import { Batch, type ResourceFile } from 'graupel'
 *
 * const countLines = (batch: Batch, file: ResourceFile) => batch.newJob().command`wc -l ${file}`
 * const batch = new Batch()
 * countLines(batch, batch.readInput('data/words.txt'))
 * ```
 */
export abstract class ResourceFile extends Resource {
  // Makes the class nominal: nothing that only looks like a file is taken for one.
  readonly #isFile = true

  static {
    hasBrand = (value): value is ResourceFile => #isFile in value && value.#isFile
  }
}

export const isResourceFile = (value: unknown): value is ResourceFile =>
  typeof value === 'object' && value !== null && hasBrand(value)
