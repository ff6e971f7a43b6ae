import type { WorkerRecord } from '../model/index.ts'
import type { FleetServices } from './fleet-services.ts'
import { bootLimitMs } from './launch-plan.ts'
import type { Machine } from './ports.ts'

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
  for (const { name, createdAt, state } of machines) {
    if (inUse.has(name) || state === 'stopping') continue
    if (state !== 'off' && now - createdAt <= bootLimitMs) continue
    services.log.warn({ machine: name }, 'removed a machine without a worker')
    await services.fleet.remove(name)
  }
}
