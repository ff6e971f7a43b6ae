import { type FleetServices, NeedsCache } from 'graupel/engine'
import type { FunctionsConfig } from './config.ts'
import type { ConnectedFleet } from './connect-fleet.ts'
import type { Services } from './services.ts'

/** What `provision` and `sweep` work with. */
export const fleetServicesOf = (
  config: FunctionsConfig,
  services: Services,
  { fleet }: Pick<ConnectedFleet, 'fleet'>,
): FleetServices => ({
  ...services,
  fleet,
  prefix: config.topicPrefix,
  deployedLanes: config.lanes,
  maxJobsPerWorker: config.maxJobsPerWorker,
  limits: config.machines.limits,
  onDemandAfterMs: config.machines.onDemandAfterMs,
  needs: new NeedsCache(),
})
