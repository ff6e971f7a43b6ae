import type { WorkerRecord } from '../model/index.ts'
import type { Fleet, Machine } from './ports.ts'

/** What each is taken for, since nobody can say. */
export type MachineSize = Pick<Machine, 'cpuMillis' | 'dollarsPerHour'>

/**
 * Machines of live workers that the last list may have left out because their zone did not answer: they are not gone for
 * that, and go on taking room and doing work.
 */
export function hiddenMachines(
  fleet: Pick<Fleet, 'machineOf' | 'hides'>,
  workers: readonly WorkerRecord[],
  listed: readonly Machine[],
  size: MachineSize = { cpuMillis: 0, dollarsPerHour: 0 },
): Machine[] {
  const hidden = new Map<string, Machine>()
  for (const { id, pool, state, registeredAt } of workers) {
    const name = fleet.machineOf(id)
    if (state !== 'active' || fleet.hides?.(name) !== true) continue
    hidden.set(name, { name, pool, createdAt: registeredAt, state: 'running', ...size })
  }
  if (hidden.size > 0) for (const { name } of listed) hidden.delete(name)
  return [...hidden.values()]
}
