/** What an accelerator needs of its machine. https://cloud.google.com/compute/docs/gpus (2026-11) */
export type AcceleratorKind =
  /** Put into a machine of the family n1, which has so many cores at most for each count. */
  | { readonly is: 'attached'; readonly mostCores: Readonly<Record<number, number>> }
  /** Comes with these machine types; the smallest first. */
  | { readonly is: 'builtIn'; readonly types: readonly BuiltInType[] }

export interface BuiltInType {
  readonly name: string
  readonly count: number
  readonly cores: number
  readonly memoryGib: number
}

/** A row of the table: its name, accelerators, cores and GiB. */
const builtIn = (...rows: readonly (readonly [string, number, number, number])[]): AcceleratorKind => ({
  is: 'builtIn',
  types: rows.map(([name, count, cores, memoryGib]) => ({ name, count, cores, memoryGib })),
})

/** The accelerators that a job may ask for by name. Those of other machines come with a `machineType`. */
export const accelerators: Readonly<Record<string, AcceleratorKind>> = {
  'nvidia-tesla-t4': { is: 'attached', mostCores: { 1: 48, 2: 48, 4: 96 } },
  'nvidia-tesla-p4': { is: 'attached', mostCores: { 1: 24, 2: 48, 4: 96 } },
  'nvidia-tesla-v100': { is: 'attached', mostCores: { 1: 12, 2: 24, 4: 48, 8: 96 } },
  'nvidia-tesla-p100': { is: 'attached', mostCores: { 1: 16, 2: 32, 4: 96 } },
  'nvidia-l4': builtIn(
    ['g2-standard-4', 1, 4, 16],
    ['g2-standard-8', 1, 8, 32],
    ['g2-standard-12', 1, 12, 48],
    ['g2-standard-16', 1, 16, 64],
    ['g2-standard-24', 2, 24, 96],
    ['g2-standard-32', 1, 32, 128],
    ['g2-standard-48', 4, 48, 192],
    ['g2-standard-96', 8, 96, 384],
  ),
  'nvidia-tesla-a100': builtIn(
    ['a2-highgpu-1g', 1, 12, 85],
    ['a2-highgpu-2g', 2, 24, 170],
    ['a2-highgpu-4g', 4, 48, 340],
    ['a2-highgpu-8g', 8, 96, 680],
    ['a2-megagpu-16g', 16, 96, 1360],
  ),
  'nvidia-a100-80gb': builtIn(
    ['a2-ultragpu-1g', 1, 12, 170],
    ['a2-ultragpu-2g', 2, 24, 340],
    ['a2-ultragpu-4g', 4, 48, 680],
    ['a2-ultragpu-8g', 8, 96, 1360],
  ),
}

const attachedFamily = 'n1'

const builtInTypes = new Map(
  Object.entries(accelerators).flatMap(([accelerator, kind]) =>
    kind.is === 'builtIn' ? kind.types.map((type) => [type.name, { ...type, accelerator }] as const) : [],
  ),
)

/** A machine type that comes with accelerators; `undefined` for one that does not, or is not known. */
export const builtInType = (name: string) => builtInTypes.get(name)

/** How many of an accelerator one machine can have, in ascending order; empty for one that is not known. */
export function countsOf(type: string): number[] {
  const kind = Object.hasOwn(accelerators, type) ? accelerators[type] : undefined
  if (kind === undefined) return []
  const counts = kind.is === 'attached' ? Object.keys(kind.mostCores).map(Number) : kind.types.map(({ count }) => count)
  return [...new Set(counts)].sort((left, right) => left - right)
}

export interface AcceleratorAsk {
  readonly accelerator: { readonly type: string; readonly count: number }
  readonly machineType?: string | undefined
}

/** Why no machine has such accelerators: `asks for …`. `undefined`: there are some. */
export function acceleratorProblem({ accelerator: { type, count }, machineType }: AcceleratorAsk): string | undefined {
  const kind = Object.hasOwn(accelerators, type) ? accelerators[type] : undefined
  if (kind === undefined)
    return (
      `asks for the accelerator '${type}', which no machine here is known to have; write one of ` +
      `${Object.keys(accelerators).join(', ')}, or name a machine that has its own: machineType('a3-highgpu-1g').`
    )
  const counts = countsOf(type)
  const most = counts.at(-1) ?? 0
  if (count > most) return `asks for ${count} of the accelerator '${type}'; a machine has at most ${most}.`
  if (machineType === undefined) return undefined
  if (kind.is === 'attached' && machineType.startsWith(`${attachedFamily}-`))
    return counts.includes(count)
      ? undefined
      : `asks for ${count} of the accelerator '${type}'; a machine of a named type has ${counts.join(' or ')}.`
  const fitting = kind.is === 'attached' ? [`${attachedFamily}-standard-4`] : kind.types.map(({ name }) => name)
  const isOwn = kind.is === 'builtIn' && kind.types.some((one) => one.name === machineType && one.count >= count)
  if (isOwn) return undefined
  return (
    `asks for ${count} of the accelerator '${type}' on a machine ${machineType}, which does not take them; ` +
    `leave the machine type out, or write such as ${fitting.join(', ')}.`
  )
}
