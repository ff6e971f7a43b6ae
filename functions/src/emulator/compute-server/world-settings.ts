import type { Departure, FakeInstance } from './fake-instance.ts'

/** How the fake cloud behaves. All of it may be changed while it runs. */
export interface WorldSettings {
  readonly project: string
  /** Zones by region. */
  readonly regions: Readonly<Record<string, readonly string[]>>
  /** Templates that exist, by what they make. */
  readonly templates: Readonly<Record<'spot' | 'standard', string>>
  readonly subnet: string
  readonly now: () => number
  /** Runs `act` after `ms`, unless the world has ended before. */
  readonly after: (ms: number, act: () => void) => void
  readonly timing: WorldTiming
  /** Machines that can still be made of a type in a zone. Default: as many as one likes. */
  readonly roomIn?: ((place: { zone: string; machineType: string; isSpot: boolean }) => number) | undefined
  /** Cores by region and by the quota's name: `CPUS`, `PREEMPTIBLE_CPUS`, `N2_CPUS`. Absent: no limit. */
  readonly quotas?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  /** What is said of Spot machines in a region. Default: the project is not given advice. */
  readonly adviceOn?: ((region: string) => { obtainability: number; estimatedUptime?: string }) | undefined
  /** Zones that do not answer. Default: none. */
  readonly isUnreachable?: ((zone: string) => boolean) | undefined
  /** A machine runs. */
  readonly onRunning?: ((instance: FakeInstance) => void) | undefined
  /** A machine that ran has ended. */
  readonly onEnded?: ((instance: FakeInstance, how: Departure) => void) | undefined
}

export interface WorldTiming {
  readonly operationMs: number
  readonly bootMs: number
  readonly deleteMs: number
  /** New instances are missing from lists for so long. */
  readonly listLagMs: number
}

/** What Compute Engine takes. https://cloud.google.com/compute/docs/instances/multiple/troubleshooting-bulk-vm-creation (2026-11) */
export const rates = { bulkPerSecond: 20, bulkInFlight: 10, callsPerMinute: 1500 } as const
