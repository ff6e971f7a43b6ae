import {
  acceleratorProblem,
  amountLimits,
  type JobTemplate,
  parseBytes,
  parseCpuMillis,
  parseMemoryBytes,
} from 'graupel/model'
import type { HailResources } from './hail-job.ts'
import type { RefuseJob } from './refuse.ts'

type Amounts = Pick<JobTemplate, 'cpuMillis' | 'memoryBytes' | 'storageBytes' | 'machineType' | 'accelerator'>

/** What a job needs of its machine, with Hail's defaults: one core, standard memory, no extra disk. */
export function amountsOf(resources: HailResources, refuse: RefuseJob): Amounts {
  const { cpu, memory, storage, machine_type: machineType } = resources
  if (isText(machineType) && (isThere(cpu) || isThere(memory)))
    throw refuse(`has both resources.machine_type '${machineType}' and cpu or memory, which it decides; leave one out`)
  const cpuMillis = parseCpuMillis(cpu ?? 1)
  if (cpuMillis === undefined || cpuMillis <= 0 || cpuMillis > amountLimits.cpuMillis)
    throw refuse(`has resources.cpu '${cpu}'; write cores, such as '0.5', '500m' or '2', at most 416`)
  const memoryBytes = parseMemoryBytes(memory ?? 'standard', cpuMillis)
  if (memoryBytes === undefined || memoryBytes <= 0 || memoryBytes > amountLimits.memoryBytes)
    throw refuse(`has resources.memory '${memory}'; write lowmem, standard, highmem, or such as '7.5Gi', at most 12Ti`)
  const storageBytes = parseBytes(storage ?? 0)
  if (storageBytes === undefined || storageBytes > amountLimits.storageBytes)
    throw refuse(`has resources.storage '${storage}'; write such as '10Gi', at most 64Ti`)
  return { cpuMillis, memoryBytes, storageBytes, ...(isText(machineType) && machineOf(machineType, refuse)) }
}

/** A machine with accelerators is written as Hail writes it: `n1-standard-4+nvidia-tesla-t4+1`. */
function machineOf(text: string, refuse: RefuseJob): Pick<JobTemplate, 'machineType' | 'accelerator'> {
  const [machineType = '', type, number = '1'] = text.split('+')
  if (type === undefined) return { machineType }
  const count = Number(number)
  if (!Number.isSafeInteger(count) || count < 1)
    throw refuse(`has resources.machine_type '${text}'; write such as n1-standard-4+nvidia-tesla-t4+1`)
  const problem = acceleratorProblem({ accelerator: { type, count }, machineType })
  if (problem !== undefined) throw refuse(problem)
  return { machineType, accelerator: { type, count } }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null
const isText = (value: string | null | undefined): value is string => typeof value === 'string' && value !== ''
