import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Environment } from '../../backends/service/service-configuration.ts'
import { isImageReference } from '../../model/index.ts'
import { limitsSchema } from './limits.ts'

/** What is chosen about a deployment: the variables of the Terraform module that have been set. */
export const choicesSchema = z
  .object({
    project: z
      .string()
      .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'write the id of a project, not its name or number'),
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9-]{2,14}[a-z0-9]$/, 'write 4 to 16 small letters, digits and hyphens')
      .refine(
        (prefix) => !/-(spot|standard)(-|$)/.test(prefix),
        'leave out -spot and -standard: names of machines have them',
      ),
    region: z.string().regex(/^[a-z]+-[a-z]+[0-9]+$/, 'write a region such as us-central1, not a zone'),
    lanes: z.number().refine((lanes) => [1, 2, 4, 8, 16, 32, 64].includes(lanes), 'write a power of two from 1 to 64'),
    machines: z
      .strictObject({
        families: z
          .array(z.string().regex(/^[a-z][0-9][a-z]*$/, 'write a family of machines, such as n2d'))
          .min(1)
          .optional(),
        cores: z
          .number()
          .refine((cores) => [2, 4, 8, 16].includes(cores), 'write 2, 4, 8 or 16')
          .optional(),
        disk_gb: z.number().min(50, 'write at least 50 GB').optional(),
        max_hours: z.number().min(1).max(2880).optional(),
        max_per_pool: z.number().min(0).optional(),
        max_jobs: z.number().int().min(1).optional(),
      })
      .optional(),
    submitters: z.array(z.string().regex(/^(user|group|serviceAccount|principal|principalSet):.+/)).optional(),
    alert_emails: z.array(z.email('write an e-mail address')).optional(),
    input_buckets: z.array(z.string().min(3)).optional(),
    output_buckets: z.array(z.string().min(3)).optional(),
    budget: z
      .strictObject({
        amount: z.number().positive(),
        billing_account: z
          .string()
          .regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'write a billing account such as 012345-6789AB-CDEF01'),
      })
      .optional(),
    docker_hub_login: z
      .strictObject({
        username: z.string().min(1),
        secret_version: z
          .string()
          .regex(/^projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/]+$/, 'write projects/…/secrets/…/versions/…'),
      })
      .optional(),
    batch_files_days: z.number().int().min(7, 'write at least 7 days').optional(),
    subnets: z.record(z.string(), z.string()).optional(),
    limits: limitsSchema.optional(),
    nat: z.boolean().optional(),
    worker_image: z
      .string()
      .refine(isImageReference, 'write the name of an image, such as host/folder/agent:1')
      .optional(),
    generation: z
      .string()
      .regex(/^[a-z0-9]{4}$/)
      .optional(),
    service_key_version: z.number().int().min(1).optional(),
  })
  .readonly()
export type Choices = z.infer<typeof choicesSchema>

export const defaultChoices = { prefix: 'graupel', region: 'us-central1', lanes: 8 } as const

/**
 * Ends the names that Google blocks for weeks when they are deleted, so that a deployment can come back: each deployment
 * that was not there before gets another one.
 * @example newGeneration() // '3f0a'
 */
export const newGeneration = (): string => randomBytes(2).toString('hex')

/** What is remembered of a deployment that is gone, for the one that may follow it. Pure. */
export const withoutGeneration = ({ generation: _, ...choices }: Choices): Choices => choices

/** The module's own defaults of what doctor reckons with: a test compares them. */
export const defaultMachines = { cores: 16, max_per_pool: 100, disk_gb: 100, families: ['n2d', 'n2', 'e2'] } as const

/** Of the tags of images that deploy has built, which are hashes. */
export const imageTagLength = 16

/** The tag of an image in the deployment's own repository; `undefined` of any other image. */
export function tagOfOwnImage(
  image: string,
  { project, prefix }: Pick<Choices, 'project' | 'prefix'>,
): string | undefined {
  const place = `/${project.replace(':', '/')}/${prefix}-images/worker:`
  const at = image.indexOf(place)
  return at < 0 ? undefined : image.slice(at + place.length)
}

/** Whether deploy has built it and may build another one, or a person has chosen it. */
export function isBuiltByDeploy(image: string, deployment: Pick<Choices, 'project' | 'prefix'>): boolean {
  const tag = tagOfOwnImage(image, deployment)
  return tag !== undefined && /^[0-9a-f]+$/.test(tag) && tag.length === imageTagLength
}

/** Names of buckets are the world's: the project's id makes them ours. */
export const stateBucketOf = ({ project, prefix }: Pick<Choices, 'project' | 'prefix'>): string =>
  `${project.replaceAll(/[:.]/g, '-')}-${prefix}-state`

/** Where Terraform works for one deployment: below `XDG_DATA_HOME`, else `~/.local/share`. */
export function workingFolder(
  environment: Environment,
  { project, prefix }: Pick<Choices, 'project' | 'prefix'>,
): string {
  const data = environment.XDG_DATA_HOME
  const root = data === undefined || data === '' ? join(homedir(), '.local', 'share') : data
  return join(root, 'graupel', 'deployments', project.replace(':', '_'), prefix)
}
