import { Result } from './result.ts'

declare const valueOfResult: unique symbol

let hasBrand: (value: object) => value is FunctionResult<unknown>

/**
 * What a TypeScript function returned in a job. Pass it to other calls, or ask the run for it.
 *
 * @example
 * ```ts
 * import { Batch, type FunctionResult } from 'graupel'
 *
 * const batch = new Batch()
 * const sum: FunctionResult<number> = batch.newFunctionJob().call((a: number, b: number) => a + b, 1, 2)
 * const run = await batch.run()
 * console.log(await run.value(sum)) // 3
 * ```
 */
export class FunctionResult<out T> extends Result {
  // Makes the class nominal.
  readonly #isFunctionResult = true
  /** Only a type: the value itself is with the run. */
  declare readonly [valueOfResult]: T

  static {
    hasBrand = (value): value is FunctionResult<unknown> => #isFunctionResult in value && value.#isFunctionResult
  }
}

export const isFunctionResult = (value: object): value is FunctionResult<unknown> => hasBrand(value)
