import type { AttemptEnd } from '../../model/index.ts'

/** One may be bad luck, or the job's own doing. */
const failuresInARow = 3

/**
 * Whether the machine can still run jobs. One whose Docker engine or disk is broken fails each job at once and asks for the
 * next: left alone, it would use up the retries of a whole batch.
 */
export class Fitness {
  #failures = 0

  /** What began before the machine broke may end well; it is broken all the same. */
  note({ cause }: AttemptEnd): void {
    if (this.isLost) return
    this.#failures = cause === 'infrastructure' ? this.#failures + 1 : 0
  }

  get isLost(): boolean {
    return this.#failures >= failuresInARow
  }
}
