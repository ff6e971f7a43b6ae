import type { FleetLimits } from 'graupel/engine'
import { z } from 'zod'
import { type CommonCores, commonSizes } from './compute/offers.ts'

const wholeNumber = z.coerce.number().int()
const amount = z.coerce.number().min(0).optional()
const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string()).min(1))

/** What the functions are told about machines. */
export const fleetEnvironmentSchema = z.object({
  /** Machines that may live at once, per pool. */
  GRAUPEL_MAX_MACHINES: wholeNumber.min(0).default(100),
  GRAUPEL_MAX_CPUS_PER_POOL: amount,
  GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_POOL: amount,
  /** The same of all pools together. */
  GRAUPEL_MAX_MACHINES_IN_ALL: wholeNumber.min(0).optional(),
  GRAUPEL_MAX_CPUS_IN_ALL: amount,
  GRAUPEL_MAX_DOLLARS_PER_HOUR_IN_ALL: amount,
  /** The same of what is made for one batch. */
  GRAUPEL_MAX_MACHINES_PER_BATCH: wholeNumber.min(0).optional(),
  GRAUPEL_MAX_CPUS_PER_BATCH: amount,
  GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_BATCH: amount,
  /** What a batch may cost in all; then it pauses. */
  GRAUPEL_MAX_DOLLARS_PER_BATCH: amount,
  /** After so many minutes without a Spot machine others are taken. `never`: they are not. */
  GRAUPEL_ON_DEMAND_AFTER_MINUTES: z.union([z.literal('never'), z.coerce.number().min(0)]).default(15),
  /** What machines are made from. Without these two, no machine can be made. */
  GRAUPEL_SPOT_TEMPLATE: z.string().optional(),
  GRAUPEL_STANDARD_TEMPLATE: z.string().optional(),
  /** A subnet of this name is in every region. */
  GRAUPEL_SUBNET: z.string().default('graupel'),
  /** Regions for machines, in the order in which they are tried. Default: the functions' own. */
  GRAUPEL_MACHINE_REGIONS: list.optional(),
  /** Machine families that serve jobs that ask for none. */
  GRAUPEL_MACHINE_FAMILIES: list.default(['n2d', 'n2', 'e2']),
  /** Cores of a machine that many jobs share. Smaller ones are taken where a quota or a cap has no room for it. */
  GRAUPEL_MACHINE_CORES: wholeNumber.pipe(z.literal(commonSizes)).default(16),
  /** The boot disk, as in the templates; the system takes some 15 GB of it. */
  GRAUPEL_MACHINE_DISK_GB: wholeNumber.min(50).default(100),
  /** What the boot disk is made from, as in the templates, where a job needs a larger one. */
  GRAUPEL_MACHINE_IMAGE: z.string().default('projects/cos-cloud/global/images/family/cos-stable'),
  /** No machine lives longer. */
  GRAUPEL_MACHINE_MAX_HOURS: z.coerce.number().min(1).max(2880).default(24),
  /** Leads to a server on this machine instead of Google's Compute Engine. */
  GRAUPEL_COMPUTE_EMULATOR_HOST: z.string().optional(),
})

export interface FleetConfig {
  readonly limits: FleetLimits
  /** Absent: never. */
  readonly onDemandAfterMs: number | undefined
  readonly templates: { readonly spot: string | undefined; readonly standard: string | undefined }
  readonly subnet: string
  readonly regions: readonly string[]
  readonly families: readonly string[]
  readonly cores: CommonCores
  readonly diskGb: number
  readonly diskImage: string
  readonly maxHours: number
  /** `host:port` */
  readonly computeHost: string | undefined
}

type FleetEnvironment = z.infer<typeof fleetEnvironmentSchema>

export function fleetConfigOf(data: FleetEnvironment, region: string): FleetConfig {
  const minutes = data.GRAUPEL_ON_DEMAND_AFTER_MINUTES
  return {
    limits: limitsOf(data),
    onDemandAfterMs: minutes === 'never' ? undefined : minutes * 60_000,
    templates: { spot: data.GRAUPEL_SPOT_TEMPLATE, standard: data.GRAUPEL_STANDARD_TEMPLATE },
    subnet: data.GRAUPEL_SUBNET,
    regions: data.GRAUPEL_MACHINE_REGIONS ?? [region],
    families: data.GRAUPEL_MACHINE_FAMILIES,
    cores: data.GRAUPEL_MACHINE_CORES,
    diskGb: data.GRAUPEL_MACHINE_DISK_GB,
    diskImage: data.GRAUPEL_MACHINE_IMAGE,
    maxHours: data.GRAUPEL_MACHINE_MAX_HOURS,
    computeHost: data.GRAUPEL_COMPUTE_EMULATOR_HOST,
  }
}

const limitsOf = (data: FleetEnvironment): FleetLimits => ({
  pool: {
    machines: data.GRAUPEL_MAX_MACHINES,
    cpus: data.GRAUPEL_MAX_CPUS_PER_POOL,
    dollarsPerHour: data.GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_POOL,
  },
  deployment: {
    machines: data.GRAUPEL_MAX_MACHINES_IN_ALL,
    cpus: data.GRAUPEL_MAX_CPUS_IN_ALL,
    dollarsPerHour: data.GRAUPEL_MAX_DOLLARS_PER_HOUR_IN_ALL,
  },
  batch: {
    machines: data.GRAUPEL_MAX_MACHINES_PER_BATCH,
    cpus: data.GRAUPEL_MAX_CPUS_PER_BATCH,
    dollarsPerHour: data.GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_BATCH,
  },
  dollarsPerBatch: data.GRAUPEL_MAX_DOLLARS_PER_BATCH,
})
