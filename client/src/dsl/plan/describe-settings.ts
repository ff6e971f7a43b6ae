import type { JobSpec } from '../../compile/batch-spec.ts'
import { defaultRetryPolicy, type JobTemplate, memoryWords, type RetryPolicy } from '../../model/index.ts'
import { counted, gibibytes } from './wording.ts'

/** What a job asks for, but for what every job gets that asks for nothing. */
export function describeSettings({ template, detail: { task } }: JobSpec): string[] {
  const shell = task.kind === 'bash' && task.shell !== '/bin/bash' ? [`shell ${task.shell}`] : []
  return [...describeMachine(template), ...describeConduct(template), ...shell, ...describeRetry(template.retry)]
}

function describeMachine(template: JobTemplate): string[] {
  const { image, storageBytes, accelerator, regions } = template
  return [
    ...describeSize(template),
    ...(storageBytes > 0 ? [`storage ${gibibytes(storageBytes)}`] : []),
    ...(accelerator === undefined ? [] : [`${accelerator.count} × ${accelerator.type}`]),
    ...(template.spot ? [] : ['not on a Spot machine']),
    ...(regions === undefined ? [] : [`${regions.length === 1 ? 'region' : 'regions'} ${regions.join(', ')}`]),
    ...(image === undefined ? [] : [`image ${image}`]),
  ]
}

function describeSize({ machineType, cpuMillis, memoryBytes }: JobTemplate): string[] {
  if (machineType !== undefined) return [machineType]
  const standardBytes = Math.ceil((memoryWords.standard * 2 ** 30 * cpuMillis) / 1000)
  return [
    ...(cpuMillis === 1000 ? [] : [`cpu ${cpuMillis / 1000}`]),
    ...(memoryBytes === standardBytes ? [] : [`memory ${gibibytes(memoryBytes)}`]),
  ]
}

/** The values of variables may be secret. */
function describeConduct(template: JobTemplate): string[] {
  const { env, timeoutMs, checkpoint, maxAttempts, cloudfuse = [], requesterPaysProject } = template
  const variables = Object.keys(env)
  return [
    ...(variables.length === 0 ? [] : [`env ${variables.join(', ')}`]),
    ...(timeoutMs === undefined ? [] : [`timeout ${timeoutMs / 1000} s`]),
    ...(template.alwaysRun ? ['always run'] : []),
    ...(template.alwaysCopyOutput ? ['outputs copied even if it fails'] : []),
    ...(checkpoint === undefined ? [] : [`checkpoint every ${checkpoint.everyMs / 1000} s`]),
    ...(maxAttempts === undefined ? [] : [`at most ${counted(maxAttempts, 'attempt')}`]),
    ...cloudfuse.map(
      ({ bucket, mountPoint, readOnly }) => `${bucket} at ${mountPoint}${readOnly ? '' : ' (writable)'}`,
    ),
    ...(requesterPaysProject === undefined ? [] : [`requester pays: ${requesterPaysProject}`]),
  ]
}

function describeRetry({ failed, exitCodes = {}, outOfMemory, ...lost }: RetryPolicy): string[] {
  const causes = [
    ...(failed === defaultRetryPolicy.failed ? [] : [`${failed} × failed`]),
    ...Object.entries(exitCodes).map(([code, times]) => `${times} × exit code ${code}`),
    ...(outOfMemory === undefined ? [] : [`out of memory up to ${gibibytes(outOfMemory.upToBytes)}`]),
    ...(lost.preempted === defaultRetryPolicy.preempted ? [] : [`${lost.preempted} × preempted`]),
    ...(lost.infrastructure === defaultRetryPolicy.infrastructure ? [] : [`${lost.infrastructure} × infrastructure`]),
    ...(lost.onDemandAfter === defaultRetryPolicy.onDemandAfter ? [] : [`on demand after ${lost.onDemandAfter}`]),
  ]
  return causes.length === 0 ? [] : [`retry ${causes.join(' + ')}`]
}
