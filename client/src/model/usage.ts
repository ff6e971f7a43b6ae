import { z } from 'zod'

/** What the commands of an attempt used at one moment, or on average since the sample before. */
export const usageSampleSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Cores, on average since the sample before. */
  cpu: z.number(),
  memoryBytes: z.number(),
  /** Of the attempt's own files; those that it only reads do not count. */
  storageBytes: z.number(),
  /** Since the start of the commands. Absent where they share the machine's network. */
  receivedBytes: z.number().optional(),
  sentBytes: z.number().optional(),
})
export type UsageSample = z.infer<typeof usageSampleSchema>

/** The most that an attempt was seen to use. */
export const peakUsageSchema = usageSampleSchema.pick({ cpu: true, memoryBytes: true, storageBytes: true })
export type PeakUsage = z.infer<typeof peakUsageSchema>

/** `undefined` if nobody has looked. */
export function peakOf(samples: readonly PeakUsage[]): PeakUsage | undefined {
  if (samples.length === 0) return undefined
  const most = (of: keyof PeakUsage) => samples.reduce((peak, sample) => Math.max(peak, sample[of]), 0)
  return { cpu: most('cpu'), memoryBytes: most('memoryBytes'), storageBytes: most('storageBytes') }
}

/** All samples of an attempt, oldest first. */
export const storedUsageSchema = z.object({ samples: z.array(usageSampleSchema) })
export type StoredUsage = z.infer<typeof storedUsageSchema>
