import { z } from 'zod'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { type Choices, choicesSchema, defaultChoices, isBuiltByDeploy } from './deployment.ts'
import { type LimitFlags, limitsOf } from './limits.ts'

/** What `graupel deploy` is given about the deployment, as commander hands it over. */
export interface ChoiceFlags extends LimitFlags {
  readonly project?: string
  readonly prefix?: string
  readonly region?: string
  readonly lanes?: string
  readonly machineFamily: readonly string[]
  readonly machineCores?: string
  readonly machineDisk?: string
  readonly maxMachines?: string
  readonly maxJobsPerMachine?: string
  readonly submitter: readonly string[]
  readonly alertEmail: readonly string[]
  readonly inputBucket: readonly string[]
  readonly outputBucket: readonly string[]
  readonly subnet: readonly string[]
  readonly batchFilesDays?: string
  readonly budget?: string
  readonly dockerHubLogin?: string
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
    limits: limitsOf(flags, remembered.limits),
    submitters: listOf(flags.submitter),
    alert_emails: listOf(flags.alertEmail),
    input_buckets: listOf(flags.inputBucket),
    output_buckets: listOf(flags.outputBucket),
    subnets: subnetsOf(flags.subnet),
    batch_files_days: numberOf(flags.batchFilesDays),
    budget: budgetOf(flags.budget),
    docker_hub_login: dockerHubLoginOf(flags.dockerHubLogin),
    nat: flags.nat,
    service_key_version: flags.rotateKey ? (remembered.service_key_version ?? 1) + 1 : undefined,
  })
  refuseMove(flags.region, remembered.region)
  const merged = withoutLifted({ ...defaultChoices, ...remembered, ...asked })
  const parsed = choicesSchema.safeParse({ ...merged, worker_image: workerImageOf(flags, remembered) })
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
    max_jobs: flags.maxJobsPerMachine === 'none' ? null : numberOf(flags.maxJobsPerMachine),
  })
  return Object.keys(asked).length === 0 ? before : withoutLifted({ ...before, ...asked })
}

/** What deploy has built before is no choice: it is built from this version again. */
function workerImageOf({ workerImage }: ChoiceFlags, remembered: Partial<Choices>): string | undefined {
  if (workerImage !== undefined) return workerImage === 'none' ? undefined : workerImage
  const { project = '', prefix = defaultChoices.prefix, worker_image: before } = remembered
  return before === undefined || isBuiltByDeploy(before, { project, prefix }) ? undefined : before
}

function subnetsOf(texts: readonly string[]): Record<string, string> | undefined {
  const pairs = texts.map((text) => {
    const [region = '', range = '', ...more] = text.split('=')
    if (region !== '' && range !== '' && more.length === 0) return [region, range] as const
    throw new InvalidBatchError({ message: `--subnet '${text}' is no range: write region=10.128.0.0/18` })
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

const numberOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  return text.trim() === '' ? Number.NaN : Number(text)
}

function budgetOf(text: string | undefined): Choices['budget'] | null {
  const pair = pairOf(text, `--budget '${text}' is no budget: write account=amount, or none`)
  return pair && { billing_account: pair[0], amount: Number(pair[1]) }
}

function dockerHubLoginOf(text: string | undefined): Choices['docker_hub_login'] | null {
  const form = 'user=projects/…/secrets/…/versions/…, or none'
  const pair = pairOf(text, `--docker-hub-login '${text}' is no login: write ${form}`)
  return pair && { username: pair[0], secret_version: pair[1] }
}

/** What stands on both sides of `=`; null for `none`, which takes away what was there. @throws InvalidBatchError */
function pairOf(text: string | undefined, message: string): readonly [string, string] | null | undefined {
  if (text === undefined) return undefined
  if (text === 'none') return null
  const [left = '', right = '', ...more] = text.split('=')
  if (left !== '' && right !== '' && more.length === 0) return [left, right]
  throw new InvalidBatchError({ message })
}

/** What is not asked for stays as it was; `none` empties it. */
const listOf = (texts: readonly string[]): readonly string[] | undefined =>
  texts.length === 0 ? undefined : texts.filter((text) => text !== 'none')

const withoutLifted = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
