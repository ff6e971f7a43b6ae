import { inspect } from './inspect.ts'
import type { Job } from './job.ts'
import type { BatchIdentity } from './job-draft.ts'
import type { TokenTable } from './token.ts'

/** Where a resource was made, and who gives it its text. */
export interface ResourceScope {
  readonly batch: BatchIdentity
  readonly tokens: TokenTable<Resource>
}

let readScope: (resource: Resource) => ResourceScope

/**
 * What jobs read and make: a file, or a group of files. As text it is a token that stands for its path in a command.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch()
 * const words = batch.readInput('data/words.txt')
 * batch.newJob().command(`wc -l ${words}`)
 * ```
 */
export abstract class Resource {
  readonly #scope: ResourceScope

  static {
    readScope = (resource) => resource.#scope
  }

  constructor(scope: ResourceScope) {
    this.#scope = scope
  }

  /** The job that makes it; `undefined` for an input. */
  abstract source(): Job | undefined

  /** A token for `command(text)`: letters, digits and `_`, unique to the process. */
  toString(): string {
    return this.#scope.tokens.tokenOf(this)
  }

  /** The token too, so that `JSON.stringify` works in `command(text)`. */
  toJSON(): string {
    return this.toString()
  }

  /** What `console.log` shows. */
  abstract [inspect](): string
}

export const scopeOf = (resource: Resource): ResourceScope => readScope(resource)
