import { z } from 'zod'

/** Hail's words. `Failed` is the user's command; `Error` is image, time limit, staging or too many lost attempts. */
export const jobStates = ['Pending', 'Ready', 'Creating', 'Running', 'Success', 'Failed', 'Error', 'Cancelled'] as const
export const jobStateSchema = z.enum(jobStates)
export type JobState = z.infer<typeof jobStateSchema>

/** One letter per job in a shard record's `states`: small letters still move, capital letters are final. */
const letters = {
  Pending: 'p',
  Ready: 'r',
  Creating: 'c',
  Running: 'u',
  Success: 'S',
  Failed: 'F',
  Error: 'E',
  Cancelled: 'X',
} as const satisfies Record<JobState, string>

export type StateLetter = (typeof letters)[JobState]

const states = new Map<string, JobState>(jobStates.map((state) => [letters[state], state]))

export const letterOf = (state: JobState): StateLetter => letters[state]

/** @throws Error if the letter names no state: the record is damaged. */
export function stateOf(letter: string): JobState {
  const state = states.get(letter)
  if (state === undefined) throw new Error(`'${letter}' is not the letter of a job state`)
  return state
}

export type TerminalState = Extract<JobState, 'Success' | 'Failed' | 'Error' | 'Cancelled'>

export const isTerminal = (state: JobState): state is TerminalState =>
  state === 'Success' || state === 'Failed' || state === 'Error' || state === 'Cancelled'

export const isInFlight = (state: JobState): boolean => state === 'Creating' || state === 'Running'

/** Ended, and not as the user hoped. */
export const isBad = (state: JobState): boolean => isTerminal(state) && state !== 'Success'

export const batchStates = ['open', 'running', 'success', 'failure', 'cancelled'] as const
export const batchStateSchema = z.enum(batchStates)
export type BatchState = z.infer<typeof batchStateSchema>

/** Jobs per state, by Hail's words in small letters. */
export const stateCountsSchema = z.object({
  pending: z.number().int(),
  ready: z.number().int(),
  creating: z.number().int(),
  running: z.number().int(),
  success: z.number().int(),
  failed: z.number().int(),
  error: z.number().int(),
  cancelled: z.number().int(),
})
export type StateCounts = z.infer<typeof stateCountsSchema>

export const noJobs: StateCounts = {
  pending: 0,
  ready: 0,
  creating: 0,
  running: 0,
  success: 0,
  failed: 0,
  error: 0,
  cancelled: 0,
}

export const countOf = (state: JobState): keyof StateCounts => state.toLowerCase() as Lowercase<JobState>

export function countStates(letterString: string): StateCounts {
  const counts = { ...noJobs }
  for (const letter of letterString) counts[countOf(stateOf(letter))]++
  return counts
}

export function addCounts(left: StateCounts, right: StateCounts): StateCounts {
  const sum = { ...left }
  for (const state of jobStates) sum[countOf(state)] += right[countOf(state)]
  return sum
}
