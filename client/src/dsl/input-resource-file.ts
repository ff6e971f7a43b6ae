import { inspect } from './inspect.ts'
import type { InputLocation } from './location.ts'
import type { ResourceScope } from './resource.ts'
import { ResourceFile } from './resource-file.ts'

let readPlace: (file: InputResourceFile) => InputPlace

/** Where an input comes from, and where it goes. */
export interface InputPlace {
  readonly location: InputLocation
  /** Number of the read in its batch: names the folder that the file is put into. */
  readonly read: number
  /** The path below that folder. */
  readonly path: string
}

/**
 * A file or folder that was there before the batch. Made by `batch.readInput` and `batch.readInputGroup`; keeps its
 * base name.
 *
 * @example
 * ```ts
 * import { Batch, type InputResourceFile } from 'graupel'
 *
 * const batch = new Batch()
 * const words: InputResourceFile = batch.readInput('data/words.txt')
 * batch.newJob().command`wc -l ${words}`
 * ```
 */
export class InputResourceFile extends ResourceFile {
  readonly #place: InputPlace

  static {
    readPlace = (file) => file.#place
  }

  constructor(scope: ResourceScope, place: InputPlace) {
    super(scope)
    this.#place = place
  }

  override source(): undefined {
    return undefined
  }

  override [inspect](): string {
    return `InputResourceFile(${this.#place.location.uri.replace(/^file:\/\//, '')})`
  }
}

export const placeOf = (file: InputResourceFile): InputPlace => readPlace(file)
