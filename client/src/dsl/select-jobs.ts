import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { BatchGraph } from './batch-graph.ts'
import type { Job } from './job.ts'
import type { AnyOutputs } from './outputs.ts'

function toRegExp(pattern: RegExp | string): RegExp {
  // A fresh one: a user's `g` or `y` would remember where it stopped.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
  try {
    return new RegExp(`^(?:${pattern})`)
  } catch (error) {
    throw new InvalidBatchError({
      message: `selectJobs: '${pattern}' is no regular expression; write one, or a RegExp.`,
      cause: error,
    })
  }
}

/** The jobs of a batch whose names match, in the order of their creation. @throws InvalidBatchError */
export function selectJobs(graph: BatchGraph, pattern: RegExp | string): Job<AnyOutputs>[] {
  const expression = toRegExp(pattern)
  return graph.entries.flatMap(({ job }) => (job.name !== undefined && expression.test(job.name) ? [job] : []))
}
