import {
  defaultRetryPolicy,
  type JobTemplate,
  type RetryPolicy as ModelRetryPolicy,
  parseBytes,
  parseCpuMillis,
  parseDurationMs,
  parseMemoryBytes,
} from '../../model/index.ts'
import type { CheckpointOptions, RetryPolicy, Settings } from '../settings.ts'

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is not there: a stored template has no empty fields. */
function withoutUndefined<T extends object>(values: T): Present<T> {
  const present: Present<T> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined) Object.assign(present, { [key]: value })
  }
  return present
}

/** A job's own setting, else the batch's; `null` clears it. */
const choose = <T>(own: T | null | undefined, byDefault: T | null | undefined): T | undefined =>
  (own === undefined ? byDefault : own) ?? undefined

/** A quantity that was checked when it was set. */
function checked(value: number | undefined): number {
  if (value === undefined) throw new Error('a quantity was not checked when it was set')
  return value
}

function resolveRetry(policy: RetryPolicy, cpuMillis: number): ModelRetryPolicy {
  const { failed, preempted, infrastructure, onDemandAfter, exitCodes, outOfMemory } = policy
  return {
    failed: failed ?? defaultRetryPolicy.failed,
    preempted: preempted ?? defaultRetryPolicy.preempted,
    infrastructure: infrastructure ?? defaultRetryPolicy.infrastructure,
    onDemandAfter: onDemandAfter ?? defaultRetryPolicy.onDemandAfter,
    ...(exitCodes === undefined ? {} : { exitCodes: { ...exitCodes } }),
    ...(outOfMemory === undefined
      ? {}
      : {
          outOfMemory: {
            factor: outOfMemory.factor ?? 2,
            upToBytes: checked(parseMemoryBytes(outOfMemory.upTo, cpuMillis)),
          },
        }),
  }
}

/** A machine type decides cpu and memory: then the batch's defaults do not hold. */
function resolveAmounts(own: Settings, defaults: Settings) {
  const base = own.machineType === undefined ? defaults : {}
  const cpuMillis = checked(parseCpuMillis(choose(own.cpu, base.cpu) ?? 1))
  return {
    cpuMillis,
    memoryBytes: checked(parseMemoryBytes(choose(own.memory, base.memory) ?? 'standard', cpuMillis)),
    storageBytes: checked(parseBytes(choose(own.storage, defaults.storage) ?? 0)),
  }
}

const defaultCheckpointMs = 5 * 60_000

function resolveCheckpoint(checkpoint: boolean | CheckpointOptions | undefined): JobTemplate['checkpoint'] {
  if (checkpoint === undefined || checkpoint === false) return undefined
  const every = checkpoint === true ? undefined : checkpoint.every
  return { everyMs: every === undefined ? defaultCheckpointMs : Math.ceil(checked(parseDurationMs(every))) }
}

/** All settings of a job, with the batch's and graupel's defaults. */
export function resolveTemplate(
  own: Settings,
  defaults: Settings,
  requesterPaysProject: string | undefined,
): JobTemplate {
  const amounts = resolveAmounts(own, defaults)
  const timeout = choose(own.timeout, defaults.timeout)
  const regions = choose(own.regions, defaults.regions)
  const { accelerator } = own
  return {
    ...amounts,
    env: { ...own.env },
    alwaysRun: own.alwaysRun ?? false,
    alwaysCopyOutput: own.alwaysCopyOutput ?? false,
    spot: choose(own.spot, defaults.spot) ?? true,
    retry: resolveRetry(choose(own.retry, defaults.retry) ?? {}, amounts.cpuMillis),
    ...withoutUndefined({
      image: choose(own.image, defaults.image),
      timeoutMs: timeout === undefined ? undefined : checked(parseDurationMs(timeout)),
      regions: regions === 'any' ? ['any'] : regions?.slice(),
      machineType: own.machineType,
      accelerator: accelerator && { type: accelerator.type, count: accelerator.count ?? 1 },
      cloudfuse: own.cloudfuse?.map((mount) => ({ ...mount, readOnly: mount.readOnly ?? true })),
      checkpoint: resolveCheckpoint(own.checkpoint),
      maxAttempts: own.maxAttempts,
      requesterPaysProject,
    }),
  }
}
