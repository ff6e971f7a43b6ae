import { Result } from './result.ts'

let hasBrand: (value: object) => value is PythonResult

/**
 * What a Python function returned in a job. Pass it to other calls of Python functions, or ask for a file of it.
 *
 * @example
 * ```ts
 * import { Batch, type PythonResult, python } from 'graupel'
 *
 * const batch = new Batch()
 * const greeting: PythonResult = batch.newPythonJob().call(python`def greet(name): return 'hello ' + name`, 'Ada')
 * batch.newJob().command`cat ${greeting.asStr()}`
 * ```
 */
export class PythonResult extends Result {
  // Makes the class nominal.
  readonly #isPythonResult = true

  static {
    hasBrand = (value): value is PythonResult => #isPythonResult in value && value.#isPythonResult
  }
}

export const isPythonResult = (value: object): value is PythonResult => hasBrand(value)
