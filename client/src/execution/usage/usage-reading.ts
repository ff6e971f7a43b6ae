/** What the commands of an attempt use at this moment. */
export interface UsageReading {
  /** Processor time since they began. */
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly storageBytes: number
  /** Since they began. Absent where they share the machine's network. */
  readonly receivedBytes?: number | undefined
  readonly sentBytes?: number | undefined
}

/** Looks once; `undefined` where nothing can be seen, or nothing is left. May reject. */
export type UsageProbe = () => Promise<UsageReading | undefined>
