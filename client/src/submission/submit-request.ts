import type { BatchSpec } from '../compile/batch-spec.ts'
import type { CompiledBatch } from '../compile/compiled-batch.ts'
import type { BatchId, BatchRecord, BatchUpdate } from '../model/index.ts'

/** Jobs to submit, and what the batch is told about them. */
export interface SubmitRequest {
  readonly batch: BatchId
  /** The batch is there already: these jobs are added to it. */
  readonly isUpdate: boolean
  /** Makes a repeated submission find the first one. */
  readonly token: string
  readonly spec: BatchSpec
  readonly callback: string | undefined
  readonly deleteScratch: boolean
  /** The program copies files out of the batch's folder before that may go. */
  readonly holdsScratch: boolean
  /** Brings local files to the batch's folder. Not called if the jobs are submitted already. */
  readonly upload?: (() => Promise<void>) | undefined
}

/** A place in the batch for the request's jobs, which nobody sees before it is committed. */
export interface Reservation {
  readonly record: BatchRecord
  readonly update: BatchUpdate
  readonly compiled: CompiledBatch
}
