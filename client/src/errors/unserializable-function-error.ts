import { BatchError, type BatchErrorOptions } from './batch-error.ts'

/**
 * A function cannot run in a job, or an argument cannot be passed to it: it needs something that only this process has,
 * such as an open socket, or that may still change, such as a counter. Thrown by the call; nothing has run.
 *
 * @example
 * ```ts
 * import { UnserializableFunctionError } from 'graupel'
 *
 * const report = (error: unknown) => {
 *   if (error instanceof UnserializableFunctionError) console.error(error.variable, error.message) // 'total' …
 *   else throw error
 * }
 * ```
 */
export class UnserializableFunctionError extends BatchError {
  override readonly name = 'UnserializableFunctionError'
  override readonly code = 'E_UNSERIALIZABLE_FUNCTION' as const
  /** The variable that cannot be taken along, with the path into it: `config.socket`; or what the function uses: `this`. */
  readonly variable: string

  constructor(options: BatchErrorOptions & { readonly variable: string }) {
    super(options)
    this.variable = options.variable
  }
}
