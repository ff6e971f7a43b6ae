import type { WorkerRecord } from '../model/index.ts'
import type { FleetServices } from './fleet-services.ts'
import { bootLimitMs } from './launch-plan.ts'
import type { Machine } from './ports.ts'

/** The cloud takes 25 removals a second, and provisioning ticks remove machines too. */
const maxRemovals = 300

/**
 * Ends machines whose agent never came up, or whose worker is gone and that did not switch themselves off: nobody else
 * would, and they cost money. A worker that has just left still counts, so that its machine has a period to go.
 */
export async function removeOrphans(
  services: FleetServices,
  workers: readonly WorkerRecord[],
  machines: readonly Machine[],
): Promise<void> {
  const now = services.clock.now()
  const inUse = new Set(workers.map((worker) => services.fleet.machineOf(worker.id)))
  const orphans = machines.filter(
    ({ name, state, createdAt }) =>
      !inUse.has(name) && state !== 'stopping' && (state === 'off' || now - createdAt > bootLimitMs),
  )
  for (const { name } of orphans.slice(0, maxRemovals)) {
    services.log.warn({ machine: name }, 'removed a machine without a worker')
    await services.fleet.remove(name)
  }
}
