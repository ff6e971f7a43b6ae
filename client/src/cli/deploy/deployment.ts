import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Environment } from '../../backends/service/service-configuration.ts'

/** What is chosen about a deployment: the variables of the Terraform module that have been set. */
export const choicesSchema = z
  .object({
    project: z
      .string()
      .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'write the id of a project, not its name or number'),
    prefix: z.string().regex(/^[a-z][a-z0-9-]{2,14}[a-z0-9]$/, 'write 4 to 16 small letters, digits and hyphens'),
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
      })
      .optional(),
    submitters: z.array(z.string().regex(/^(user|group|serviceAccount|principal|principalSet):.+/)).optional(),
    alert_emails: z.array(z.email('write an e-mail address')).optional(),
    input_buckets: z.array(z.string().min(3)).optional(),
    output_buckets: z.array(z.string().min(3)).optional(),
    batch_files_days: z.number().int().min(7, 'write at least 7 days').optional(),
    subnets: z.record(z.string(), z.string()).optional(),
    nat: z.boolean().optional(),
    worker_image: z.string().optional(),
    service_key_version: z.number().int().min(1).optional(),
  })
  .readonly()
export type Choices = z.infer<typeof choicesSchema>

export const defaultChoices = { prefix: 'graupel', region: 'us-central1', lanes: 8 } as const

/** The module's own defaults of what doctor reckons with: a test compares them. */
export const defaultMachines = { max_per_pool: 100, disk_gb: 100 } as const

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
