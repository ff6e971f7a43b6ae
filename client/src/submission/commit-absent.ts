import { ConflictError, type Write } from '../engine/ports.ts'
import type { SubmissionServices } from './submission-services.ts'

const maxTries = 10

/**
 * Commits documents that never change once they are there: those that an earlier try has written are left out, so that
 * a repeated submission, or one whose answer was lost, goes through.
 */
export async function commitAbsent({ store, clock }: SubmissionServices, writes: readonly Write[]): Promise<void> {
  let missing = writes
  for (let tries = 1; missing.length > 0; tries++) {
    try {
      await store.commit(missing)
      return
    } catch (error) {
      if (tries >= maxTries) throw error
      if (!(error instanceof ConflictError)) await clock.sleep(100 * 2 ** tries)
      const found = await store.read(missing.map((write) => write.path))
      missing = missing.filter((_, index) => found[index] === undefined)
    }
  }
}
