import type { ResourceUsage } from '../../backends/resource-usage.ts'

/** The most that a job was seen to use. */
export type PeakUsage = Omit<ResourceUsage, 'at'>

/** `undefined` if it was not looked at. */
export function peakOf(usage: readonly ResourceUsage[]): PeakUsage | undefined {
  if (usage.length === 0) return undefined
  const most = (of: keyof PeakUsage) => usage.reduce((peak, sample) => Math.max(peak, sample[of]), 0)
  return { cpu: most('cpu'), memoryBytes: most('memoryBytes'), storageBytes: most('storageBytes') }
}
