import { z } from 'zod'
import type { ConfigurationFile } from '../../backends/service/service-configuration.ts'
import type { Choices } from './deployment.ts'

/** The module's output of that name: what a program needs to know, as its environment would tell it. */
const clientEnvironmentSchema = z.object({
  GRAUPEL_DATABASE: z.string(),
  GRAUPEL_LANES: z.coerce.number(),
  GRAUPEL_PROJECT: z.string(),
  GRAUPEL_REGIONS: z.string(),
  GRAUPEL_REMOTE_TMPDIR: z.string(),
  GRAUPEL_TOPIC_PREFIX: z.string(),
})

/** Who jobs are on Google Cloud. @throws ZodError as below */
export const jobAccount = (outputs: Readonly<Record<string, unknown>>): string => z.email().parse(outputs.job_account)

/** The user's settings of what was deployed. @throws ZodError if the module and this command do not belong together */
export function deployedConfiguration(
  outputs: Readonly<Record<string, unknown>>,
  { region }: Choices,
): ConfigurationFile {
  const environment = clientEnvironmentSchema.parse(outputs.client_environment)
  return {
    project: environment.GRAUPEL_PROJECT,
    region,
    database: environment.GRAUPEL_DATABASE,
    remoteTmpdir: environment.GRAUPEL_REMOTE_TMPDIR,
    regions: environment.GRAUPEL_REGIONS.split(','),
    lanes: environment.GRAUPEL_LANES,
    topicPrefix: environment.GRAUPEL_TOPIC_PREFIX,
  }
}
