import { constants } from 'node:os'

/** What the command ends with. A command that it runs passes its own on. */
export const exitCodes = {
  success: 0,
  /** The batch or job did not succeed, or a check of the service has failed. */
  failure: 1,
  /** The command line is wrong. */
  usage: 2,
  /** There is no such batch, job, setting or deployment. */
  notFound: 3,
  /** The service cannot be reached or started. */
  unavailable: 4,
  /** Nothing was done: it was not confirmed, or batches run. */
  refused: 5,
  /** Terraform has refused or failed. */
  terraform: 6,
  /** The command to run is not there, as a shell says it. */
  commandNotFound: 127,
} as const

/** As a shell tells it: 128 and the number of the signal. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}
