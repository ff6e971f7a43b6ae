import type Docker from 'dockerode'
import type { UsageReading } from './usage-reading.ts'

/** What the engine counts of a container; `undefined` once it has ended. */
export async function readContainerUsage(
  container: Docker.Container,
): Promise<Omit<UsageReading, 'storageBytes'> | undefined> {
  return readingOf(await container.stats({ stream: false, 'one-shot': true }))
}

const nanosecondsPerMs = 1e6

/** Memory that only caches files is given back when it is needed, so it does not count; as `docker stats` shows it. */
export function readingOf(stats: Docker.ContainerStats): Omit<UsageReading, 'storageBytes'> | undefined {
  const { cpu_stats: cpu, memory_stats: memory, networks } = stats
  if (memory?.usage === undefined) return undefined
  const cached = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0
  const amounts = {
    cpuMs: cpu.cpu_usage.total_usage / nanosecondsPerMs,
    memoryBytes: Math.max(0, memory.usage - cached),
  }
  if (networks === undefined) return amounts
  const counters = Object.values(networks)
  return {
    ...amounts,
    receivedBytes: counters.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    sentBytes: counters.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
  }
}
