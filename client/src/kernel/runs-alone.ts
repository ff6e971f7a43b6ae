import { type JobTemplate, type Losses, needsWholeMachine, type PoolId } from '../model/index.ts'
import { lossesBeforeAlone } from './retries.ts'

/**
 * After some infrastructure losses a job shares a worker with nobody, before or after it. So does one that asked for a
 * whole machine; a worker of no pool is none that was made for it.
 */
export const runsAlone = (template: JobTemplate, losses: Losses | undefined, pool: PoolId | undefined): boolean =>
  (losses?.infrastructure ?? 0) >= lossesBeforeAlone || (pool !== undefined && needsWholeMachine(template))
