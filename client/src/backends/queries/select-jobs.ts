import { QueryError } from '../../engine/queries/query-error.ts'
import { parseQuery } from '../../engine/queries/query-language.ts'
import { statesOf } from '../../engine/queries/query-operators.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { JobState } from '../../model/index.ts'
import type { JobQuery, JobStatus } from '../job-status.ts'

export interface JobSelection {
  readonly isWanted: (job: JobStatus) => boolean
  /** No job in another state is wanted: a first sieve that needs nothing else of the job. */
  readonly hasState: (state: JobState) => boolean
}

/**
 * Which jobs a query means.
 * @throws InvalidBatchError if a word of it is unknown
 */
export function selectJobs(query: string | JobQuery): JobSelection {
  if (typeof query === 'string') return { isWanted: understand(query), hasState: () => true }
  const hasState = query.state === undefined ? () => true : selectStates(query.state)
  const hasName = query.name === undefined ? () => true : selectName(query.name)
  return { isWanted: (job) => hasState(job.state) && hasName(job.name), hasState }
}

function understand(query: string): JobSelection['isWanted'] {
  try {
    return parseQuery(query)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new InvalidBatchError({ message: error.message, cause: error })
  }
}

function selectStates(state: Exclude<JobQuery['state'], undefined>): (state: JobState) => boolean {
  const words: readonly string[] = typeof state === 'string' ? [state] : state
  try {
    const groups = words.map(statesOf)
    return (candidate) => groups.some((holds) => holds(candidate))
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new InvalidBatchError({ message: `Jobs cannot be selected: ${problem}`, cause: error })
  }
}

function selectName(name: string | RegExp): (name: string | undefined) => boolean {
  if (typeof name === 'string') return (candidate) => candidate === name
  // A copy without `g` and `y`: those keep a position from one job to the next.
  const pattern = new RegExp(name.source, name.flags.replace(/[gy]/g, ''))
  return (candidate) => candidate !== undefined && pattern.test(candidate)
}
