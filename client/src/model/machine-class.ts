import type { Resources } from './events.ts'

/** How large the machines of a pool are. `highmem`: twice the memory per core. */
export interface MachineClass {
  readonly memory: 'standard' | 'highmem'
  readonly cores: number
}

const gibPerCore = { standard: 4, highmem: 8 } as const
/** The system and the agent take the rest. */
const usableMemoryShare = 0.9

/** What jobs of most sizes run on, side by side. */
export const usualClass: MachineClass = { memory: 'standard', cores: 16 }

/** From the cheapest to the dearest. */
const classes: readonly MachineClass[] = [
  usualClass,
  { memory: 'highmem', cores: 16 },
  { memory: 'standard', cores: 32 },
  { memory: 'highmem', cores: 32 },
  { memory: 'standard', cores: 64 },
  { memory: 'highmem', cores: 64 },
  { memory: 'standard', cores: 80 },
  { memory: 'highmem', cores: 80 },
]

/** What jobs can have of a machine of the class. */
export const usableOf = ({ memory, cores }: MachineClass): Pick<Resources, 'cpuMillis' | 'memoryBytes'> => ({
  cpuMillis: cores * 1000,
  memoryBytes: Math.floor(cores * gibPerCore[memory] * 2 ** 30 * usableMemoryShare),
})

/** The smallest class that has what a job asks for; the largest one for a job that no machine can hold. */
export function classFor(need: Pick<Resources, 'cpuMillis' | 'memoryBytes'>): MachineClass {
  const fits = (candidate: MachineClass) => {
    const usable = usableOf(candidate)
    return need.cpuMillis <= usable.cpuMillis && need.memoryBytes <= usable.memoryBytes
  }
  return classes.find(fits) ?? classes.at(-1) ?? usualClass
}

/** As it stands in a pool's name; the usual one is not named. */
export const nameOfClass = (one: MachineClass): string | undefined =>
  one === usualClass ? undefined : `${one.memory}${one.cores}`

/** The class that a pool's name tells. */
export function classNamed(text: string): MachineClass {
  return classes.find((one) => nameOfClass(one) === text) ?? usualClass
}
