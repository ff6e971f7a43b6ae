import type { Fleet } from 'graupel/engine'
import { ComputeFleet } from './compute/compute-fleet.ts'
import { GoogleComputeApi } from './compute/google-compute-api.ts'
import { priceTable } from './compute/prices/price-table.ts'
import type { FunctionsConfig } from './config.ts'

export interface ConnectedFleet {
  readonly fleet: Fleet
  close(): Promise<void>
}

/** Machines of Google, or of a server on this machine that the configuration names. */
export function connectFleet({ project, topicPrefix, machines }: FunctionsConfig): ConnectedFleet {
  const { templates, subnet, maxHours, regions, families, cores, diskGb, diskImage, computeHost } = machines
  const api = new GoogleComputeApi({ project, host: computeHost })
  const fleet = new ComputeFleet({
    api,
    project,
    prefix: topicPrefix,
    subnet,
    templates,
    maxHours,
    regions,
    families,
    cores,
    diskGb,
    diskImage,
    prices: priceTable,
  })
  return { fleet, close: () => api.close() }
}
