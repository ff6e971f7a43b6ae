import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Assignment, BatchId } from '../../model/index.ts'
import type { BucketMount } from '../cloudfuse/mount-plan.ts'
import type { Command } from '../sandbox/sandbox.ts'
import { agentLabel } from './leftover-containers.ts'
import type { ParsedRunFlags } from './run-flags.ts'

/** Docker refuses less. */
const leastMemoryBytes = 6 * 2 ** 20
const cpuPeriodMicros = 100_000
const leastQuotaMicros = 1000

/** Where the container finds its script, if it runs one. */
export const scriptPath = '/io/script'
const keyPath = '/gsa-key/key.json'

/** `BATCH_TMPDIR` as containers see it. */
export const innerRootOf = (batch: BatchId) => `/io/batch/${batch}`

export interface ContainerPlan {
  readonly assignment: Assignment
  readonly command: Command
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]]
  readonly image: string
  /** The attempt's folder on this machine. */
  readonly folder: string
  /** Buckets that are mounted for it. */
  readonly mounts?: readonly BucketMount[]
  readonly agent: string
  readonly user: string
  readonly flags: ParsedRunFlags
  readonly gsaKeyFile?: string
}

/** The container of one attempt. Folders and links are made outside, so the image needs no program but its shell. */
export function containerRequest(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { assignment, words, image, agent, user, flags } = plan
  return {
    Image: image,
    Entrypoint: [...words],
    Cmd: [],
    WorkingDir: innerRootOf(assignment.batch),
    User: flags.user ?? user,
    Env: environmentOf(plan),
    Labels: { [agentLabel]: agent },
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(flags.platform === undefined ? {} : { platform: flags.platform }),
    HostConfig: { ...limitsOf(assignment), ...flags.hostConfig, Mounts: mountsOf(plan) },
  }
}

/** A user without a home of its own gets one that can be written to. */
function environmentOf({ command, flags, user, gsaKeyFile }: ContainerPlan): string[] {
  const isRoot = (flags.user ?? user).startsWith('0:') || flags.user === 'root'
  const environment = {
    ...(isRoot ? {} : { HOME: '/tmp' }),
    ...(gsaKeyFile === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: keyPath }),
    ...flags.env,
    ...command.env,
  }
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
}

function limitsOf({ template, memoryBytes }: Assignment): Docker.HostConfig {
  const memory = memoryBytes === 0 ? 0 : Math.max(memoryBytes, leastMemoryBytes)
  const { accelerator } = template
  return {
    Memory: memory,
    // Without swap: a job that needs more memory is told so, instead of becoming slow.
    MemorySwap: memory === 0 ? 0 : memory,
    CpuPeriod: cpuPeriodMicros,
    CpuQuota: Math.max(leastQuotaMicros, (template.cpuMillis * cpuPeriodMicros) / 1000),
    // The log goes to the object store; the engine would keep a copy of it on disk.
    LogConfig: { Type: 'none', Config: {} },
    ...(accelerator === undefined
      ? {}
      : { DeviceRequests: [{ Driver: 'nvidia', Count: accelerator.count, Capabilities: [['gpu']] }] }),
  }
}

function mountsOf({ assignment, command, folder, flags, gsaKeyFile, mounts = [] }: ContainerPlan): Docker.MountConfig {
  const script = command.program.kind === 'script' ? [bind(join(folder, 'script'), scriptPath, true)] : []
  const key = gsaKeyFile === undefined ? [] : [bind(gsaKeyFile, keyPath, true)]
  return [
    bind(join(folder, 'files'), innerRootOf(assignment.batch), false),
    ...script,
    ...key,
    ...mounts.map(({ place, mountPoint, readOnly }) => bind(place, mountPoint, readOnly)),
    ...flags.mounts.map(({ source, target, isReadOnly }) => bind(source, target, isReadOnly)),
  ]
}

const bind = (source: string, target: string, isReadOnly: boolean): Docker.MountSettings => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: isReadOnly,
})
