import type Docker from 'dockerode'
import { parseBytes } from '../../model/index.ts'

export interface ParsedRunFlags {
  readonly env: Readonly<Record<string, string>>
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly isReadOnly: boolean }[]
  readonly user: string | undefined
  readonly platform: string | undefined
  readonly hostConfig: Docker.HostConfig
}

interface Draft {
  env: Record<string, string>
  mounts: { source: string; target: string; isReadOnly: boolean }[]
  user: string | undefined
  platform: string | undefined
  hostConfig: Docker.HostConfig
}

type Setter = (draft: Draft, value: string) => void

const list =
  (field: 'CapAdd' | 'CapDrop' | 'Dns' | 'ExtraHosts' | 'SecurityOpt' | 'GroupAdd'): Setter =>
  (draft, value) => {
    draft.hostConfig[field] = [...(draft.hostConfig[field] ?? []), value]
  }

/** The flags of `docker run` that are understood, by their long names. */
const setters: Readonly<Record<string, Setter>> = {
  '--add-host': list('ExtraHosts'),
  '--cap-add': list('CapAdd'),
  '--cap-drop': list('CapDrop'),
  '--dns': list('Dns'),
  '--env': (draft, value) => {
    const [name = '', ...rest] = value.split('=')
    draft.env[name] = rest.join('=')
  },
  '--gpus': (draft, value) => {
    const Count = value === 'all' ? -1 : Number(value)
    draft.hostConfig.DeviceRequests = [{ Driver: '', Count, Capabilities: [['gpu']] }]
  },
  '--group-add': list('GroupAdd'),
  '--ipc': (draft, value) => {
    draft.hostConfig.IpcMode = value
  },
  '--network': (draft, value) => {
    draft.hostConfig.NetworkMode = value
  },
  '--pids-limit': (draft, value) => {
    draft.hostConfig.PidsLimit = Number(value)
  },
  '--platform': (draft, value) => {
    draft.platform = value
  },
  '--security-opt': list('SecurityOpt'),
  '--shm-size': (draft, value) => {
    draft.hostConfig.ShmSize = bytesOf(value)
  },
  '--user': (draft, value) => {
    draft.user = value
  },
  '--volume': (draft, value) => {
    const [source = '', target = '', mode] = value.split(':')
    draft.mounts.push({ source, target, isReadOnly: mode === 'ro' })
  },
}

const shortNames: Readonly<Record<string, string>> = {
  '-e': '--env',
  '-u': '--user',
  '-v': '--volume',
  '--net': '--network',
}

/**
 * Understands flags of `docker run`, each as `--name=value` or as two items, and `--privileged`.
 * @throws Error that names a flag that is not supported, and those that are
 */
export function parseRunFlags(flags: readonly string[]): ParsedRunFlags {
  const draft: Draft = { env: {}, mounts: [], user: undefined, platform: undefined, hostConfig: {} }
  const left = [...flags]
  for (let flag = left.shift(); flag !== undefined; flag = left.shift()) {
    if (flag === '--privileged') {
      draft.hostConfig.Privileged = true
      continue
    }
    const [name = '', inline] = splitOnce(flag)
    const setter = setters[shortNames[name] ?? name]
    const value = setter === undefined ? undefined : (inline ?? left.shift())
    if (setter === undefined || value === undefined) throw new Error(messageFor(flag, setter !== undefined))
    setter(draft, value)
  }
  return draft
}

function splitOnce(flag: string): [string, string?] {
  const at = flag.startsWith('--') ? flag.indexOf('=') : -1
  return at === -1 ? [flag] : [flag.slice(0, at), flag.slice(at + 1)]
}

/** Docker's units are powers of two: `1g` is a gibibyte. */
function bytesOf(value: string): number {
  const bytes = parseBytes(value.replace(/([kmg])b?$/i, (_, unit: string) => `${unit.toUpperCase()}i`))
  if (bytes === undefined) throw new Error(`'${value}' is not a size for --shm-size; write for example 1g`)
  return bytes
}

const messageFor = (flag: string, isKnown: boolean) =>
  isKnown
    ? `The flag '${flag}' for docker run has no value`
    : `The flag '${flag}' for docker run is not supported; use ${Object.keys(setters).join(', ')} or --privileged`
