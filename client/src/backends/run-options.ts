import type { Duration } from '../dsl/amounts.ts'

/**
 * How to wait for a batch or a job.
 *
 * @example `await run.wait({ timeout: '1h', throwOnFailure: false })`
 */
export interface WaitOptions {
  /** Throw `BatchFailedError`, `JobFailedError` or `CancelledError` unless it succeeds. Default true. */
  throwOnFailure?: boolean | undefined
  /** Throw `TimeoutError` after this long; what is waited for goes on. Default: no limit. */
  timeout?: Duration | undefined
  /** Aborting it stops the waiting, and nothing else. */
  signal?: AbortSignal | undefined
}

/**
 * How to run a batch.
 *
 * @example `await batch.run({ wait: false, token: 'nightly-2026-11-23' })`
 */
export interface RunOptions {
  /** Print and return the plan, and run nothing. Default false. */
  dryRun?: boolean | undefined
  /** Say what is done, on stderr. Default false. */
  verbose?: boolean | undefined
  /** Delete the files that jobs pass on when the run ends. Default true. */
  deleteScratchOnExit?: boolean | undefined
  /** Wait until the batch has ended. Default true. */
  wait?: boolean | undefined
  /**
   * Open the batch's page in the browser (the program that `BROWSER` names, else the system's) when it is submitted, and
   * tell its address on stderr: the Firestore console on Google Cloud, the api on the emulated service, nothing on
   * LocalBackend. A machine without a browser is no error. Default false.
   */
  open?: boolean | undefined
  /** Show progress on stderr. Default: if stderr is a terminal. */
  progress?: boolean | undefined
  /** Receives an HTTP POST with the batch's status when the batch has ended. */
  callback?: string | URL | undefined
  /** Names this submission: the same token finds the same batch instead of submitting again. Default: random. */
  token?: string | undefined
  /** Throw `BatchFailedError` if a job of this run does not succeed. Default true. */
  throwOnFailure?: boolean | undefined
  /** Aborting it cancels the batch. */
  signal?: AbortSignal | undefined
}
