import { z } from 'zod'
import { type MachineShape, machineShapeSchema, type PoolId, poolIdSchema } from '../model/index.ts'
import type { Task } from './ports.ts'

/** Ticks of a pool are named by windows of this length: a burst of ready work makes one tick. */
export const provisionWindowMs = 5_000
/** A tick runs this long after its window has closed, so that work made ready in the window is seen. */
const afterWindowMs = 2_000

export const provisionBodySchema = z.object({
  pool: poolIdSchema,
  window: z.number().int(),
  /** What the pool's machines must be. */
  shape: machineShapeSchema,
})
export type ProvisionBody = z.infer<typeof provisionBodySchema>

/** The tick that sees what is ready at `at`: it runs at the end of the window, never within it. */
export function provisionTask(pool: PoolId, shape: MachineShape, at: number): Task {
  const window = Math.floor(at / provisionWindowMs)
  return {
    queue: 'provision',
    name: `provision-${pool}-${window}`,
    at: (window + 1) * provisionWindowMs + afterWindowMs,
    body: { pool, window, shape },
  }
}

/** A second name for the same window that may run at once: the first job of a batch does not wait for the window. */
export function firstProvisionTask(pool: PoolId, shape: MachineShape, at: number): Task {
  const window = Math.floor(at / provisionWindowMs)
  return { queue: 'provision', name: `provision-${pool}-${window}-first`, at, body: { pool, window, shape } }
}

/** Sweeps come once per window while a batch is open. */
export const sweepPeriodMs = 60_000

export const sweepBodySchema = z.object({ window: z.number().int() })

/** Always the next window: the sweep of this one may already be over. */
export function sweepTask(now: number): Task {
  const window = Math.floor(now / sweepPeriodMs) + 1
  return { queue: 'sweep', name: `sweep-${window}`, at: window * sweepPeriodMs, body: { window } }
}
