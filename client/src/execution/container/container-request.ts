import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Assignment, BatchId } from '../../model/index.ts'
import type { BucketMount } from '../cloudfuse/mount-plan.ts'
import type { Command } from '../sandbox/sandbox.ts'
import { type ContainerAccelerators, deviceMappings, driverMounts } from './container-accelerators.ts'
import { containerLimits, withFlags } from './container-limits.ts'
import { agentLabel } from './leftover-containers.ts'
import type { ParsedRunFlags } from './run-flags.ts'

/** Where the container finds its script, if it runs one. */
export const scriptPath = '/io/script'
/** Where it finds the runner and the request, if it calls functions. */
export const callsPath = '/io/calls'
const keyPath = '/gsa-key/key.json'

/** `BATCH_TMPDIR` as containers see it. */
export const innerRootOf = (batch: BatchId) => `/io/batch/${batch}`

export interface ContainerPlan {
  readonly assignment: Assignment
  readonly command: Command
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]]
  /** The image's name or its id. */
  readonly image: string
  /** Where the commands begin. Absent: in `BATCH_TMPDIR`. */
  readonly workingFolder?: string | undefined
  /** The attempt's folder on this machine. */
  readonly folder: string
  /** Buckets that are mounted for it. */
  readonly mounts?: readonly BucketMount[]
  /** Absent: the machine has none. */
  readonly accelerators?: ContainerAccelerators | undefined
  readonly agent: string
  /** Who the commands are; absent: the image's own user. */
  readonly user?: string | undefined
  readonly flags: ParsedRunFlags
  /** What the worker adds to the commands' environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly gsaKeyFile?: string
}

/** The container of one attempt. Folders and links are made outside, so the image needs no program but its shell. */
export function containerRequest(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { assignment, words, image, agent, user, flags } = plan
  return {
    Image: image,
    Entrypoint: [...words],
    Cmd: [],
    WorkingDir: plan.workingFolder ?? innerRootOf(assignment.batch),
    ...userOf(flags.user ?? user),
    Env: environmentOf(plan),
    Labels: { [agentLabel]: agent },
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(flags.platform === undefined ? {} : { platform: flags.platform }),
    HostConfig: {
      ...withFlags({ ...containerLimits(assignment), ...devicesOf(plan) }, flags.hostConfig),
      Mounts: mountsOf(plan),
    },
  }
}

const devicesOf = ({ accelerators }: ContainerPlan): Docker.HostConfig =>
  accelerators === undefined ? {} : { Devices: deviceMappings(accelerators) }

const userOf = (user: string | undefined) => (user === undefined ? {} : { User: user })

/** A user whom the image may not know gets a home that can be written to. */
function environmentOf({ command, environment: added, flags, user, gsaKeyFile }: ContainerPlan): string[] {
  const given = flags.user ?? user
  const hasHome = given === undefined || /^(0|root)(:|$)/.test(given)
  const environment = {
    ...(hasHome ? {} : { HOME: '/tmp' }),
    ...(gsaKeyFile === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: keyPath }),
    ...added,
    ...flags.env,
    ...command.env,
  }
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
}

function mountsOf(plan: ContainerPlan): Docker.MountConfig {
  const { assignment, command, folder, flags, gsaKeyFile, mounts = [], accelerators } = plan
  const program =
    command.program.kind === 'script'
      ? bind(join(folder, 'script'), scriptPath, true)
      : bind(join(folder, 'calls'), callsPath, false)
  const key = gsaKeyFile === undefined ? [] : [bind(gsaKeyFile, keyPath, true)]
  return [
    bind(join(folder, 'files'), innerRootOf(assignment.batch), false),
    program,
    ...key,
    ...(accelerators === undefined ? [] : driverMounts(accelerators)),
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
