import type { EndReason, JobState } from '../model/index.ts'

const causeSentences: Record<EndReason['cause'], string> = {
  success: 'it succeeded',
  failed: 'its command failed',
  outOfMemory: 'it ran out of memory',
  outOfDisk: 'its files took more than its storage',
  timeout: 'it took longer than its time limit',
  image: 'its image could not be used',
  shell: 'its shell could not be started',
  missingInput: 'an input was missing',
  missingOutput: 'it did not make an output that is needed',
  staging: 'its files could not be copied',
  stopped: 'it was stopped',
  preempted: 'its machine was taken away too often',
  infrastructure: 'machines failed it too often',
  parent: 'a job that it depends on did not succeed',
  cancelled: 'it was cancelled',
  pool: 'no machine for it can be had',
}

/** One sentence for a person: why a job waits, or did not succeed. `undefined` where there is nothing to explain. */
export function explain(state: JobState, end: EndReason | undefined, paused?: string): string | undefined {
  switch (state) {
    case 'Success':
    case 'Running':
      return undefined
    case 'Pending':
      return 'it waits for jobs that it depends on'
    case 'Ready':
      return paused === undefined ? 'it waits for a worker' : `it waits, because ${paused}`
    case 'Creating':
      return 'its worker fetches its image and files, or has no core free for it yet'
    case 'Failed':
    case 'Error':
    case 'Cancelled':
      return end === undefined ? undefined : explainEnd(end)
    default:
      return state satisfies never
  }
}

function explainEnd(end: EndReason): string {
  const code = end.exitCode === undefined || end.exitCode === 0 ? '' : ` with exit code ${end.exitCode}`
  const message = end.message === undefined ? '' : `: ${end.message}`
  return `${causeSentences[end.cause]}${code}${message}`
}
