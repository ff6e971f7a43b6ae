import { ComputeError } from './compute-error.ts'
import type { Insertion } from './insertion.ts'

/** As far as they are known here. https://cloud.google.com/compute/docs/machine-resource (2026-11) */
const known =
  /^((e2|n1|n2|n2d|t2d)-(standard|highmem|custom-\d+)-\d+|g2-standard-\d+|a2-(highgpu|megagpu|ultragpu)-\d+g)$/

/** Cores that a machine of the family n1 has at most, by accelerator and count. https://cloud.google.com/compute/docs/gpus (2026-11) */
const takenByN1: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'nvidia-tesla-t4': { 1: 48, 2: 48, 4: 96 },
  'nvidia-tesla-p4': { 1: 24, 2: 48, 4: 96 },
  'nvidia-tesla-v100': { 1: 12, 2: 24, 4: 48, 8: 96 },
  'nvidia-tesla-p100': { 1: 16, 2: 32, 4: 96 },
}

/** @throws ComputeError 400 for a type that does not exist, or does not take what is put into it */
export function checkMachineTypes({ machineTypes, accelerator, canMove }: Insertion, isSpot: boolean): void {
  const unknown = machineTypes.find((type) => !known.test(type))
  if (unknown !== undefined || machineTypes.length === 0)
    throw invalid(`Invalid value for field machineType: '${unknown ?? ''}'.`)
  for (const type of machineTypes) {
    if (accelerator !== undefined) checkAttached(type, accelerator)
    const hasAccelerator = accelerator !== undefined || /^(a2|g2)-/.test(type)
    if (hasAccelerator && canMove && !isSpot)
      throw invalid('Instances with guest accelerators do not support live migration.')
  }
}

function checkAttached(machineType: string, { type, count }: NonNullable<Insertion['accelerator']>): void {
  const most = machineType.startsWith('n1-') ? takenByN1[type]?.[count] : undefined
  const cores = Number(machineType.split('-')[2])
  if (most === undefined || cores > most)
    throw invalid(
      `[${machineType}, ${type} x ${count}]: this combination of machine type and accelerator is not allowed.`,
    )
}

const invalid = (message: string): ComputeError => new ComputeError(400, 'invalid', message)
