import { constants } from 'node:os'
import type { Assignment, JobTemplate } from '../../model/index.ts'
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
      return new AttemptFault('outOfMemory', outOfMemoryMessage(inMebibytes(memoryBytes), end.isMachineFull), {
        exitCode: end.exitCode,
      })
    case 'outOfDisk':
      return new AttemptFault('outOfDisk', outOfDiskMessage(inMebibytes(end.usedBytes), end.isDiskFull, template))
    case 'killed':
      return new AttemptFault(
        'timeout',
        `The commands took longer than the job's time limit of ${inSeconds(template.timeoutMs)} s.`,
      )
    default:
      return end satisfies never
  }
}

const outOfMemoryMessage = (limitMiB: number, isMachineFull = false) =>
  isMachineFull
    ? `The system ended the commands because memory was used up; the job asked for ${limitMiB} MiB of it.`
    : `The commands used more than the job's ${limitMiB} MiB.`

const outOfDiskMessage = (usedMiB: number, isDiskFull: boolean, { storageBytes }: JobTemplate) =>
  isDiskFull
    ? `The disk of the machine is full, and the job's files take the most of it, ${usedMiB} MiB; set its storage to what it needs.`
    : `The job's files took ${usedMiB} MiB, more than its storage of ${inMebibytes(storageBytes)} MiB.`

/** An exit code says it all, but few know those of signals by heart. */
const failed = (message: string | undefined, exitCode: number) =>
  new AttemptFault('failed', message ?? signalMessage(exitCode), { exitCode })

function signalMessage(exitCode: number): string {
  const [name] = Object.entries(constants.signals).find(([, number]) => exitCode === 128 + number) ?? []
  return name === undefined ? '' : `This is the code of a command that was ended by ${name}.`
}

const inMebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)

const inSeconds = (ms: number | undefined) => (ms ?? 0) / 1000
