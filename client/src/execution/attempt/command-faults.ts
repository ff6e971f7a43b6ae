import type { Assignment } from '../../model/index.ts'
import type { CommandEnd } from '../sandbox/sandbox.ts'
import { AttemptFault } from './attempt-fault.ts'

/** What the end of the commands means, or `undefined` for exit 0. A kill that nobody asked for was the time limit. */
export function faultOfCommands(end: CommandEnd, { template, memoryBytes }: Assignment): AttemptFault | undefined {
  switch (end.kind) {
    case 'exited':
      return end.exitCode === 0 ? undefined : failed(end.message, end.exitCode)
    case 'signalled':
      return failed(`The commands were ended by ${end.signal}.`, end.exitCode)
    case 'outOfMemory':
      return new AttemptFault('outOfMemory', `The commands used more than the job's ${inMebibytes(memoryBytes)} MiB.`, {
        exitCode: end.exitCode,
      })
    case 'outOfDisk': {
      const { storageBytes } = template
      const message = `The job's files took ${inMebibytes(end.usedBytes)} MiB, more than its storage of ${inMebibytes(storageBytes)} MiB.`
      return new AttemptFault('outOfDisk', message)
    }
    case 'killed':
      return new AttemptFault(
        'timeout',
        `The commands took longer than the job's time limit of ${inSeconds(template.timeoutMs)} s.`,
      )
    default:
      return end satisfies never
  }
}

/** An exit code says it all. */
const failed = (message: string | undefined, exitCode: number) =>
  new AttemptFault('failed', message ?? '', { exitCode })

const inMebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)

const inSeconds = (ms: number | undefined) => (ms ?? 0) / 1000
