import type { BatchSpec } from '../compile/batch-spec.ts'
import { jobLabel } from '../compile/job-label.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { BatchId } from '../model/index.ts'

/**
 * Numbers of earlier jobs come from whoever remembers them: `batch.job(7)` cannot know whether there is one.
 *
 * @param earlier how many jobs the batch has had so far
 * @throws InvalidBatchError
 */
export function checkEarlierParents(batch: BatchId, { jobs }: BatchSpec, earlier: number): void {
  for (const [index, { name, earlierParents }] of jobs.entries()) {
    const missing = earlierParents.find((number) => number > earlier)
    if (missing === undefined) continue
    const message = `Job ${jobLabel(name, index)} depends on job ${missing}, but the jobs of batch ${batch} are numbered 1 to ${earlier} so far; name one of these.`
    throw new InvalidBatchError({ message, job: name })
  }
}
