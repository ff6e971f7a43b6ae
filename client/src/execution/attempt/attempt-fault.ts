import type { Cause } from '../../model/index.ts'

/** Ends an attempt, with the cause that is reported and a sentence for the user. */
export class AttemptFault extends Error {
  override readonly name = 'AttemptFault'
  readonly faultCause: Exclude<Cause, 'success'>
  readonly exitCode: number | undefined
  /** Another attempt, on whatever machine, would end so too. */
  readonly isLasting: boolean
  constructor(
    faultCause: Exclude<Cause, 'success'>,
    message: string,
    options: ErrorOptions & { exitCode?: number; isLasting?: boolean } = {},
  ) {
    super(message, options)
    this.faultCause = faultCause
    this.exitCode = options.exitCode
    this.isLasting = options.isLasting ?? false
  }
}

/** Whatever else is thrown is a fault of the machine or of graupel, and not the user's. */
export function faultOf(error: unknown): AttemptFault {
  if (error instanceof AttemptFault) return error
  return new AttemptFault('infrastructure', `The attempt broke off: ${messageOf(error)}`, { cause: error })
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
