import { BatchError, type BatchErrorOptions } from './batch-error.ts'

/** A job as an error tells of it. */
export interface CycleMember {
  readonly name: string | undefined
}

/**
 * Jobs wait for each other in a ring, so none of them could ever start. Thrown by `run`, before anything runs or is
 * sent.
 *
 * @example
 * ```ts
 * import { Batch, CyclicDependencyError } from 'graupel'
 *
 * const batch = new Batch()
 * const hen = batch.newJob({ name: 'hen' })
 * const egg = batch.newJob({ name: 'egg' }).dependsOn(hen)
 * hen.dependsOn(egg)
 * await batch.run().catch((error) => {
 *   if (error instanceof CyclicDependencyError) console.error(error.cycle.map((job) => job.name))
 * })
 * ```
 */
export class CyclicDependencyError extends BatchError {
  override readonly name = 'CyclicDependencyError'
  override readonly code = 'E_CYCLIC_DEPENDENCY' as const
  /** The jobs of the ring in order: each waits for the one before it, and the first for the last. */
  readonly cycle: readonly CycleMember[]

  constructor(options: BatchErrorOptions & { readonly cycle: readonly CycleMember[] }) {
    super(options)
    this.cycle = options.cycle
  }
}
