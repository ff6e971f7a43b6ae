import type { PythonArg } from './python-argument.ts'

let readValues: (value: Kwargs) => Readonly<Record<string, PythonArg>>

/**
 * Arguments by keyword, for a Python function. Made by `kwargs({ … })`.
 *
 * @example `const options: Kwargs = kwargs({ digits: 3 })`
 */
export class Kwargs {
  readonly #values: Readonly<Record<string, PythonArg>>

  static {
    readValues = (value) => value.#values
  }

  constructor(values: { readonly [name: string]: PythonArg }) {
    this.#values = { ...values }
  }
}

/**
 * Arguments by keyword, to pass to a Python function after all others.
 *
 * @example
 * ```ts
 * import { Batch, kwargs, python } from 'graupel'
 *
 * const batch = new Batch()
 * const round = python`def shorten(x, digits=0): return round(x, digits)`
 * batch.writeOutput(batch.newPythonJob().call(round, Math.PI, kwargs({ digits: 2 })).asStr(), 'out/pi.txt')
 * ```
 */
export function kwargs(values: { readonly [name: string]: PythonArg }): Kwargs {
  return new Kwargs(values)
}

export const valuesOfKwargs = (value: Kwargs): Readonly<Record<string, PythonArg>> => readValues(value)
