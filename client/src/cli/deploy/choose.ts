import { z } from 'zod'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { type Choices, choicesSchema, defaultChoices } from './deployment.ts'

/** What `graupel deploy` is given about the deployment, as commander hands it over. */
export interface ChoiceFlags {
  readonly project?: string
  readonly prefix?: string
  readonly region?: string
  readonly lanes?: string
  readonly machineFamily: readonly string[]
  readonly machineCores?: string
  readonly machineDisk?: string
  readonly maxMachines?: string
  readonly submitter: readonly string[]
  readonly alertEmail: readonly string[]
  readonly inputBucket: readonly string[]
  readonly outputBucket: readonly string[]
  readonly subnet: readonly string[]
  readonly batchFilesDays?: string
  readonly nat?: boolean
  readonly workerImage?: string
  readonly rotateKey: boolean
}

/**
 * What the deployment shall be: what is asked for now beats what was chosen before, which beats the defaults.
 * @throws InvalidBatchError naming what is wrong, and what cannot be changed
 */
export function choose(flags: ChoiceFlags, project: string, remembered: Partial<Choices>): Choices {
  const asked = withoutUndefined({
    project,
    prefix: flags.prefix,
    region: flags.region,
    lanes: numberOf(flags.lanes),
    machines: machinesOf(flags, remembered.machines),
    submitters: listOf(flags.submitter),
    alert_emails: listOf(flags.alertEmail),
    input_buckets: listOf(flags.inputBucket),
    output_buckets: listOf(flags.outputBucket),
    subnets: subnetsOf(flags.subnet),
    batch_files_days: numberOf(flags.batchFilesDays),
    nat: flags.nat,
    worker_image: flags.workerImage,
    service_key_version: flags.rotateKey ? (remembered.service_key_version ?? 1) + 1 : undefined,
  })
  refuseMove(flags.region, remembered.region)
  const parsed = choicesSchema.safeParse({ ...defaultChoices, ...remembered, ...asked })
  if (parsed.success) return parsed.data
  throw new InvalidBatchError({ message: `The deployment cannot be like that:\n${z.prettifyError(parsed.error)}` })
}

function refuseMove(asked: string | undefined, before: string | undefined): void {
  if (asked === undefined || before === undefined || asked === before) return
  throw new InvalidBatchError({
    message: `The deployment is in ${before}, and data does not move: deploy to ${asked} with another --prefix, or destroy this one first`,
  })
}

function machinesOf(flags: ChoiceFlags, before: Choices['machines']): Choices['machines'] {
  const asked = withoutUndefined({
    families: flags.machineFamily.length === 0 ? undefined : flags.machineFamily,
    cores: numberOf(flags.machineCores),
    disk_gb: numberOf(flags.machineDisk),
    max_per_pool: numberOf(flags.maxMachines),
  })
  return Object.keys(asked).length === 0 ? before : { ...before, ...asked }
}

function subnetsOf(texts: readonly string[]): Record<string, string> | undefined {
  const pairs = texts.map((text) => {
    const [region = '', range = '', ...more] = text.split('=')
    if (region !== '' && range !== '' && more.length === 0) return [region, range] as const
    throw new InvalidBatchError({ message: `--subnet '${text}' is no range: write region=10.128.0.0/18` })
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
/** What is not asked for stays as it was; `none` empties it. */
const listOf = (texts: readonly string[]): readonly string[] | undefined =>
  texts.length === 0 ? undefined : texts.filter((text) => text !== 'none')

const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
