import type { EngineLog } from './engine.ts'
import type { Clock, EventBus, Fleet, Store, TaskQueue } from './ports.ts'

/** What the provisioner and the sweep work with. */
export interface FleetServices {
  readonly store: Store
  readonly bus: EventBus
  readonly tasks: TaskQueue
  readonly fleet: Fleet
  readonly clock: Clock
  readonly log: EngineLog
  readonly deployedLanes: number
  /** Cores of one machine: how many one-core jobs it runs at a time. */
  readonly coresPerMachine: number
  /** Jobs that a worker runs at a time, whatever their size; 1: a machine for each. Default: as many as fit. */
  readonly maxJobsPerWorker?: number | undefined
  /** Machines that may live at once, per pool. */
  readonly maxMachines: number
  readonly region: string
}
