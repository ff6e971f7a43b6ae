import { builtInType, type MachineShape } from 'graupel/model'

interface Family {
  /** The most cores of a machine that is made to measure, and what its number of cores must be a multiple of. */
  readonly mostCores: number
  readonly stepAbove: (cores: number) => number
  readonly mostGiB: number
}

/**
 * Families that take the same disks, have 4 GiB per core, and can be made to measure with up to 8.
 * https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type (2026-11)
 */
const families: Readonly<Record<string, Family>> = {
  e2: { mostCores: 32, stepAbove: () => 2, mostGiB: 128 },
  n2: { mostCores: 80, stepAbove: (cores) => (cores > 32 ? 4 : 2), mostGiB: 640 },
  n2d: { mostCores: 96, stepAbove: (cores) => (cores > 16 ? 16 : cores > 4 ? 8 : cores > 2 ? 4 : 2), mostGiB: 768 },
}

/** GiB per core where the type's name alone is known. Sizes of special types differ: these are safe for most. */
const gibPerCore: Readonly<Record<string, number>> = { highcpu: 0.9, megamem: 14, ultramem: 24 }
/** Of the oldest family, and so of none less. */
const leastGibPerCore = { standard: 3.75, highmem: 6.5 } as const
const usualGibPerCore = { standard: 4, highmem: 8 } as const

export interface MachineType {
  readonly name: string
  readonly family: string
  readonly cores: number
  readonly memoryGib: number
}

/** What jobs of most sizes run on, side by side. `undefined` if nothing is known of the family. */
export function commonType(family: string, cores: number): MachineType | undefined {
  if (families[family] === undefined) return undefined
  return { name: `${family}-standard-${cores}`, family, cores, memoryGib: 4 * cores }
}

/** The family's smallest machine made to measure that has so much; `undefined` if it has none. */
export function measuredType(family: string, size: NonNullable<MachineShape['size']>): MachineType | undefined {
  const known = families[family]
  if (known === undefined || size.memoryGiB > known.mostGiB) return undefined
  const least = Math.max(2, size.cores, Math.ceil(size.memoryGiB / 8))
  const step = known.stepAbove(least)
  const cores = Math.ceil(least / step) * step
  if (cores > known.mostCores) return undefined
  // A core has half a GiB at least.
  const memoryGib = Math.max(size.memoryGiB, Math.ceil(cores / 2))
  return { name: `${family}-custom-${cores}-${memoryGib * 1024}`, family, cores, memoryGib }
}

/** What the name of a machine type tells; `undefined` if it is not built like one. */
export function parseMachineType(name: string): MachineType | undefined {
  const builtIn = builtInType(name)
  if (builtIn !== undefined) return { ...known(name), cores: builtIn.cores, memoryGib: builtIn.memoryGib }
  const [, family = '', kind = '', cores = '', mib] =
    /^([a-z][a-z0-9]*)-([a-z]+)-(\d+)(?:-(\d+))?[a-z]*$/.exec(name) ?? []
  if (family === '' || Number(cores) === 0) return undefined
  const memoryGib = mib === undefined ? Number(cores) * gibOf(family, kind) : Number(mib) / 1024
  return { name, family, cores: Number(cores), memoryGib }
}

const known = (name: string) => ({ name, family: name.split('-')[0] ?? name })

function gibOf(family: string, kind: string): number {
  const table = families[family] === undefined ? leastGibPerCore : usualGibPerCore
  return kind === 'standard' || kind === 'highmem' ? table[kind] : (gibPerCore[kind] ?? leastGibPerCore.standard)
}
