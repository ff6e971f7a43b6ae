import { randomBytes } from 'node:crypto'

// Text of another process, kept in a file or copied from a log, must not be taken for a file of this one.
const processId = randomBytes(5).toString('hex')
const tokenPattern = /__graupel_([a-z0-9]+)_([0-9]+|job|batch|result)_([0-9]+)__/g
let tables = 0

/** What is no file, but may be put into a command by mistake. */
export type Misplaced = 'job' | 'batch' | 'result'

/** What a batch, job or result is in a text: recognised where it was put into a command by mistake. */
export const misplacedToken = (kind: Misplaced): string => `__graupel_${processId}_${kind}_0__`

export const hasToken = (text: string): boolean => text.search(tokenPattern) !== -1

/** A piece of a text in which resources stand as tokens. */
export type TokenPart<R> =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'resource'; readonly resource: R }
  | { readonly kind: 'misplaced'; readonly what: Misplaced }
  | { readonly kind: 'foreign'; readonly token: string; readonly isOfThisProcess: boolean }

/**
 * Gives the resources of one batch their texts: letters, digits and `_`, unique to the process, and delimited on both
 * sides, so that a digit after one does not make another.
 */
export class TokenTable<R extends object> {
  readonly #table = tables++
  readonly #numbers = new WeakMap<R, number>()
  readonly #resources: R[] = []

  tokenOf(resource: R): string {
    let number = this.#numbers.get(resource)
    if (number === undefined) {
      number = this.#resources.push(resource) - 1
      this.#numbers.set(resource, number)
    }
    return `__graupel_${processId}_${this.#table}_${number}__`
  }

  /** Cuts a text at its tokens. */
  *partsOf(text: string): Generator<TokenPart<R>> {
    let at = 0
    for (const match of text.matchAll(tokenPattern)) {
      if (match.index > at) yield { kind: 'text', text: text.slice(at, match.index) }
      yield this.#read(match)
      at = match.index + match[0].length
    }
    if (at < text.length) yield { kind: 'text', text: text.slice(at) }
  }

  #read([token, process, table, number]: RegExpExecArray): TokenPart<R> {
    const isOfThisProcess = process === processId
    if (isOfThisProcess && isMisplaced(table)) return { kind: 'misplaced', what: table }
    const resource = isOfThisProcess && table === String(this.#table) ? this.#resources[Number(number)] : undefined
    return resource === undefined ? { kind: 'foreign', token, isOfThisProcess } : { kind: 'resource', resource }
  }
}

const isMisplaced = (table: string | undefined): table is Misplaced =>
  table === 'job' || table === 'batch' || table === 'result'
