let readText: (value: Raw) => string

/**
 * Text that goes into a command as it is. Made by `raw(text)`.
 *
 * @example `const pipe: Raw = raw('| sort')`
 */
export class Raw {
  readonly #text: string

  static {
    readText = (value) => value.#text
  }

  constructor(text: string) {
    this.#text = text
  }
}

/**
 * Text to insert into a tagged command as it is: part of the script, not a value. Never pass it what a stranger wrote.
 *
 * @example
 * ```ts
 * import { Batch, raw } from 'graupel'
 *
 * const sorted = true
 * new Batch().newJob().command`cat /etc/hosts ${raw(sorted ? '| sort' : '')}`
 * ```
 */
export function raw(text: string): Raw {
  return new Raw(text)
}

export const textOfRaw = (value: Raw): string => readText(value)
