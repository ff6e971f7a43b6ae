import type { AttemptRef, BatchId } from '../../model/index.ts'

/**
 * A variable in the environment of every process of an attempt. Children inherit it, also those that leave the process
 * group, so an agent that starts again finds what an earlier one has left.
 */
const markName = 'GRAUPEL_PROCESS_MARK'

export interface ProcessMark {
  readonly name: string
  readonly value: string
}

export const markFor = (agent: string, { batch, job, attempt }: AttemptRef): ProcessMark => ({
  name: markName,
  value: `${agent}:${batch}-${job}-${attempt}`,
})

/** Of a process that serves several attempts of a batch; what an attempt starts in it has the attempt's own mark. */
export const markForRunner = (agent: string, batch: BatchId): ProcessMark => ({
  name: markName,
  value: `${agent}:${batch}-runner`,
})

/** What stands in /proc/<pid>/environ of a process that has this mark. */
export const entryOf = ({ name, value }: ProcessMark) => `\0${name}=${value}\0`

/** The same for any attempt of an agent. */
export const entryOfAgent = (agent: string) => `\0${markName}=${agent}:`
