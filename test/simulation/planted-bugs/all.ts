import { bugsOfBatches } from './batches.ts'
import { bugsAroundCommits } from './commits.ts'
import { bugsOfLeases } from './leases.ts'
import { bugsOfNets } from './nets.ts'
import { bugsOfOutputs } from './outputs.ts'
import type { PlantedBug } from './planted-bug.ts'

export const plantedBugs: readonly PlantedBug[] = [
  ...bugsAroundCommits,
  ...bugsOfLeases,
  ...bugsOfOutputs,
  ...bugsOfBatches,
  ...bugsOfNets,
]
