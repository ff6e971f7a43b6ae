import { inspect } from '../inspect.ts'
import type { SourceFacts } from './source-facts.ts'

/** Where a Python function stands. */
export interface PythonSource {
  /** The function's name in the source. */
  readonly name: string
  /** As messages and tracebacks name the source. */
  readonly file: string
  readonly text: string
  readonly facts: SourceFacts
}

let readSource: (fn: PythonFunction) => PythonSource

/**
 * A Python function, known by its source. Made by `pythonFunction` and by `python` templates.
 *
 * @example `const mean: PythonFunction = pythonFunction('stats.py', 'mean')`
 */
export class PythonFunction {
  readonly #source: PythonSource

  static {
    readSource = (fn) => fn.#source
  }

  constructor(source: PythonSource) {
    this.#source = source
  }

  /** What `console.log` shows. */
  [inspect](): string {
    return `PythonFunction(${this.#source.file} › ${this.#source.name})`
  }
}

export const sourceOfFunction = (fn: PythonFunction): PythonSource => readSource(fn)
