import type Docker from 'dockerode'
import type { Assignment } from '../../model/index.ts'
import { processesPerCore } from '../sandbox/processes-per-core.ts'

/** Docker refuses less. */
const leastMemoryBytes = 6 * 2 ** 20
const cpuPeriodMicros = 100_000
const leastQuotaMicros = 1000

/** When the machine itself runs out of memory, jobs go before the agent that can tell of it. */
const oomScoreAdjust = 500

/**
 * What root in a container keeps: installing packages and unpacking archives change owners and rights (CHOWN,
 * DAC_OVERRIDE, FOWNER, FSETID) and step down to a user of their own (SETUID, SETGID); KILL ends what these have begun.
 * Of Docker's own list go: NET_RAW (forged packets), MKNOD, AUDIT_WRITE, SETFCAP, SETPCAP, SYS_CHROOT, and
 * NET_BIND_SERVICE, as Docker lets everyone bind low ports.
 */
const keptCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID']

/** What a container may take of its machine, and may do to it. */
export function containerLimits({ template, memoryBytes }: Assignment): Docker.HostConfig {
  const memory = memoryBytes === 0 ? 0 : Math.max(memoryBytes, leastMemoryBytes)
  const { cpuMillis } = template
  return {
    Memory: memory,
    // Without swap: a job that needs more memory is told so, instead of becoming slow.
    MemorySwap: memory === 0 ? 0 : memory,
    CpuPeriod: cpuPeriodMicros,
    CpuQuota: Math.max(leastQuotaMicros, (cpuMillis * cpuPeriodMicros) / 1000),
    PidsLimit: Math.ceil(cpuMillis / 1000) * processesPerCore,
    OomScoreAdj: oomScoreAdjust,
    CapDrop: ['ALL'],
    CapAdd: keptCapabilities,
    SecurityOpt: ['no-new-privileges'],
    // The log goes to the object store; the engine would keep a copy of it on disk.
    LogConfig: { Type: 'none', Config: {} },
  }
}

/** Flags come on top: single values replace, lists grow, and a capability that is dropped is not kept. */
export function withFlags(limits: Docker.HostConfig, flags: Docker.HostConfig): Docker.HostConfig {
  const dropped = new Set(listOf(flags.CapDrop).map((name) => name.toUpperCase().replace(/^CAP_/, '')))
  const kept = listOf(limits.CapAdd).filter((name) => !dropped.has(name) && !dropped.has('ALL'))
  const securityOptions = flags.Privileged === true ? [] : listOf(limits.SecurityOpt)
  return {
    ...limits,
    ...flags,
    CapAdd: [...kept, ...listOf(flags.CapAdd)],
    CapDrop: listOf(limits.CapDrop),
    SecurityOpt: [...securityOptions, ...listOf(flags.SecurityOpt)],
  }
}

/** The declarations of dockerode leave open what these lists hold. */
const listOf = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
