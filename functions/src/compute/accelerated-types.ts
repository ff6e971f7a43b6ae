import { accelerators, builtInType, gibForJobs, type MachineShape } from 'graupel/model'
import { type MachineType, parseMachineType } from './machine-types.ts'

type Accelerator = NonNullable<MachineShape['accelerator']>
type Size = NonNullable<MachineShape['size']>

/** Predefined machines of the family that accelerators are put into. */
const attachable: readonly MachineType[] = [
  ...[1, 2, 4, 8, 16, 32, 64, 96].map((cores) => ofN1('standard', cores, 3.75)),
  ...[2, 4, 8, 16, 32, 64, 96].map((cores) => ofN1('highmem', cores, 6.5)),
].sort((left, right) => left.cores - right.cores || left.memoryGib - right.memoryGib)

function ofN1(kind: string, cores: number, gibPerCore: number): MachineType {
  return { name: `n1-${kind}-${cores}`, family: 'n1', cores, memoryGib: cores * gibPerCore }
}

/** The smallest machine with such accelerators that holds a job of this size; `undefined`: there is none. */
export function acceleratedType({ type, count }: Accelerator, size: Size): MachineType | undefined {
  const kind = accelerators[type]
  const holds = ({ cores, memoryGib }: Pick<MachineType, 'cores' | 'memoryGib'>) =>
    cores >= size.cores && gibForJobs(memoryGib) >= size.memoryGiB
  if (kind === undefined) return undefined
  if (kind.is === 'builtIn') {
    const found = kind.types.find((one) => one.count >= count && holds(one))
    return found && parseMachineType(found.name)
  }
  return attachable.find((one) => holds(one) && attachedCount({ type, count }, one) !== undefined)
}

/** How many are put into a machine: as many as asked for, or as the next number that it takes. `undefined`: none are. */
export function attachedCount({ type, count }: Accelerator, { family, cores }: MachineType): number | undefined {
  const kind = accelerators[type]
  if (kind?.is !== 'attached' || family !== 'n1') return undefined
  const fitting = Object.entries(kind.mostCores).filter(([number, most]) => Number(number) >= count && cores <= most)
  return fitting.length === 0 ? undefined : Math.min(...fitting.map(([number]) => Number(number)))
}

/** What a machine has, asked for or not. */
export function acceleratorOn(type: MachineType, asked: Accelerator | undefined): Accelerator | undefined {
  const count = asked && attachedCount(asked, type)
  if (asked !== undefined && count !== undefined) return { type: asked.type, count }
  const builtIn = builtInType(type.name)
  return builtIn && { type: builtIn.accelerator, count: builtIn.count }
}

/** Machines with accelerators cannot be moved while they run. Some have them without being asked. */
export const cannotMove = (machineType: string, asked: Accelerator | undefined): boolean =>
  asked !== undefined || /^(a|g)\d+[a-z]*-/.test(machineType)
