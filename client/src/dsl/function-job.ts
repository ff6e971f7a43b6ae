import type { Args } from './arguments.ts'
import { type FunctionCall, type PreparedCall, prepareCall } from './function-call.ts'
import { FunctionResult } from './function-result.ts'
import { Job } from './job.ts'
import type { JobDraft } from './job-draft.ts'
import type { JobOutputs } from './job-outputs.ts'

let readCalls: (job: FunctionJob) => readonly FunctionCall[]
let addPrepared: (job: FunctionJob, prepared: PreparedCall) => FunctionResult<unknown>

/**
 * A job that calls TypeScript functions, one after the other in one process. Made by `batch.newFunctionJob`. Without an
 * image it runs on the worker's own Node; with one, in any image that has Node 22 or later.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'squares' })
 * const squares = [1, 2, 3].map((x) => batch.newFunctionJob({ name: `square-${x}` }).call(() => x ** 2))
 * const sum = batch.newFunctionJob({ name: 'sum' }).call((values: number[]) => values.reduce((a, b) => a + b), squares)
 * const run = await batch.run()
 * console.log(await run.value(sum)) // 14
 * ```
 */
export class FunctionJob<out O = unknown> extends Job<O> {
  readonly #draft: JobDraft
  readonly #outputs: JobOutputs
  readonly #calls: FunctionCall[] = []

  static {
    readCalls = (job) => job.#calls
    addPrepared = (job, prepared) => job.#add(prepared)
  }

  constructor(draft: JobDraft, outputs: JobOutputs) {
    super(draft, outputs)
    this.#draft = draft
    this.#outputs = outputs
  }

  /**
   * Calls an ordinary function in the job, sync or async, declared anywhere in the program. Its closure comes along as
   * it is at this moment: constants, plain data, other functions and classes, imported bindings (their modules are
   * loaded anew in the job). Files among the arguments, at any depth, arrive as absolute paths, a group as an object of
   * paths, the result of another call as its value. What structured clone can copy crosses, both ways. A thrown error
   * fails the job.
   *
   * @example `const lines = job.call((path: string) => readFileSync(path, 'utf8').split('\\n').length, words)`
   * @throws UnserializableFunctionError if something cannot come along: it names the variable and what to do
   * @throws InvalidBatchError if an argument is of another batch, or a job
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Args<A>): FunctionResult<Awaited<R>> {
    this.change('call()')
    return this.#add<Awaited<R>>(prepareCall(this.#draft, fn, args))
  }

  #add<T>(prepared: PreparedCall): FunctionResult<T> {
    const place = { job: this, call: this.#calls.length + 1, functionName: prepared.name, outlivesRun: true }
    const result = new FunctionResult<T>(this.#outputs.scope, place)
    this.#calls.push({ ...prepared, result })
    return result
  }
}

/** The calls of a job, in their order. */
export const callsOf = (job: FunctionJob): readonly FunctionCall[] => readCalls(job)

/** Adds a call that was captured before its job was made. */
export const addCall = (job: FunctionJob, prepared: PreparedCall): FunctionResult<unknown> => addPrepared(job, prepared)
