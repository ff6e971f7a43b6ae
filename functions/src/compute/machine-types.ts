import type { MachineClass } from 'graupel/model'

/**
 * Families that take the same disks and have 4 GiB per core, and 8 with much memory; and their sizes.
 * https://cloud.google.com/compute/docs/general-purpose-machines (2026-11)
 */
const families: Readonly<Record<string, Readonly<Record<MachineClass['memory'], readonly number[]>>>> = {
  e2: { standard: [2, 4, 8, 16, 32], highmem: [2, 4, 8, 16] },
  n2: { standard: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128], highmem: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
  n2d: { standard: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224], highmem: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
  t2d: { standard: [1, 2, 4, 8, 16, 32, 48, 60], highmem: [] },
}

/** GiB per core where the type's name alone is known. Sizes of special types differ: these are safe for most. */
const gibPerCore: Readonly<Record<string, number>> = {
  standard: 3.75,
  highmem: 6.5,
  highcpu: 0.9,
  megamem: 14,
  ultramem: 24,
}

export interface MachineType {
  readonly name: string
  readonly family: string
  readonly cores: number
  readonly memoryGib: number
}

/** The family's machine of exactly this size; `undefined` if it has none. */
export function typeOfClass(family: string, { memory, cores }: MachineClass): MachineType | undefined {
  if (families[family]?.[memory].includes(cores) !== true) return undefined
  return { name: `${family}-${memory}-${cores}`, family, cores, memoryGib: cores * (memory === 'standard' ? 4 : 8) }
}

/** What the name of a machine type tells; `undefined` if it is not built like one. */
export function parseMachineType(name: string): MachineType | undefined {
  const [, family = '', kind = '', cores = ''] = /^([a-z][a-z0-9]*)-([a-z]+)-(\d+)[a-z]*$/.exec(name) ?? []
  if (family === '' || Number(cores) === 0) return undefined
  const known =
    kind === 'standard' || kind === 'highmem' ? typeOfClass(family, { memory: kind, cores: Number(cores) }) : undefined
  return known ?? { name, family, cores: Number(cores), memoryGib: Number(cores) * (gibPerCore[kind] ?? 3.75) }
}
