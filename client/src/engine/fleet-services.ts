import type { EngineLog } from './engine.ts'
import type { FleetLimits } from './fleet-limits.ts'
import type { NeedsCache } from './needs-cache.ts'
import type { Clock, EventBus, Fleet, Store, TaskQueue } from './ports.ts'

/** What the provisioner and the sweep work with. */
export interface FleetServices {
  readonly store: Store
  readonly bus: EventBus
  readonly tasks: TaskQueue
  readonly fleet: Fleet
  readonly clock: Clock
  readonly log: EngineLog
  /** What names of the deployment's machines begin with. Default: `graupel`. */
  readonly prefix?: string | undefined
  readonly deployedLanes: number
  readonly limits: FleetLimits
  /** Jobs that a worker runs at a time, whatever their size; 1: a machine for each. Default: as many as fit. */
  readonly maxJobsPerWorker?: number | undefined
  /** Ready work that Spot machines have been refused for so long gets others. Default: never. */
  readonly onDemandAfterMs?: number | undefined
  /** What is remembered from one tick to the next. Default: nothing. */
  readonly needs?: NeedsCache | undefined
}
