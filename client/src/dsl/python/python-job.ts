import { Job } from '../job.ts'
import type { JobDraft } from '../job-draft.ts'
import type { JobOutputs } from '../job-outputs.ts'
import { PythonResult } from '../python-result.ts'
import type { Kwargs } from './kwargs.ts'
import type { PythonArg } from './python-argument.ts'
import { type PythonCall, prepareCall } from './python-call.ts'
import type { PythonFunction } from './python-function.ts'

let readCalls: (job: PythonJob) => readonly PythonCall[]

/**
 * A job that calls Python functions, one after the other in one process. Made by `batch.newPythonJob`. Without an image
 * it runs on the worker's own `python3`; with one, in any image that has Python 3.8 or later.
 *
 * @example
 * ```ts
 * import { Batch, python } from 'graupel'
 *
 * const batch = new Batch({ name: 'sums' })
 * const add = python`def add(x, y): return x + y`
 * const job = batch.newPythonJob({ name: 'sum' })
 * const sum = job.call(add, 1, job.call(add, 2, 3))
 * batch.writeOutput(sum.asJson(), 'out/sum.json')
 * await batch.run()
 * ```
 */
export class PythonJob<out O = unknown> extends Job<O> {
  readonly #draft: JobDraft
  readonly #outputs: JobOutputs
  readonly #defaultImage: string | undefined
  readonly #calls: PythonCall[] = []

  static {
    readCalls = (job) => job.#calls
  }

  constructor(draft: JobDraft, outputs: JobOutputs, defaultImage: string | undefined) {
    super(draft, outputs)
    this.#draft = draft
    this.#outputs = outputs
    this.#defaultImage = defaultImage
  }

  /**
   * Calls a Python function in the job, sync or async. Whole numbers arrive as `int`, others as `float`, `bigint` as
   * `int`, `Uint8Array` as `bytes`, arrays as `list`, objects as `dict`, `null` as `None`; files, at any depth, as
   * absolute paths (the job's own outputs are to be written there), a group as a `dict` of paths, the result of another
   * call as its value. An exception fails the job.
   *
   * Where this machine has a `python3`, arguments that the function does not take are refused at once, and so is a
   * source that it cannot read, unless the job has an image. The result is kept as a pickle where another call reads it:
   * neither this program nor the service ever opens that.
   *
   * @example `const mean = job.call(pythonFunction('stats.py', 'mean'), words, kwargs({ digits: 3 }))`
   * @throws InvalidBatchError if an argument has no counterpart in Python, is of another batch, or is not what the
   *   function takes
   */
  call(fn: PythonFunction, ...args: readonly PythonArg[] | readonly [...PythonArg[], Kwargs]): PythonResult {
    const { settings } = this.change('call()')
    const image = settings.image === undefined ? this.#defaultImage : settings.image
    const context = { draft: this.#draft, hasImage: (image ?? undefined) !== undefined }
    const prepared = prepareCall(context, fn, args)
    const place = { job: this, call: this.#calls.length + 1, functionName: prepared.source.name, outlivesRun: false }
    const result = new PythonResult(this.#outputs.scope, place)
    this.#calls.push({ ...prepared, result })
    return result
  }
}

/** The calls of a job, in their order. */
export const pythonCallsOf = (job: PythonJob): readonly PythonCall[] => readCalls(job)
