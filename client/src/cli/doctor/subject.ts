import {
  configurationPath,
  type Environment,
  readConfigurationFile,
  type ServiceConfiguration,
} from '../../backends/service/service-configuration.ts'
import { defaultChoices, defaultMachines } from '../deploy/deployment.ts'
import { openMemory } from '../deploy/memory.ts'
import type { GoogleApi } from '../google/google-api.ts'
import type { Subject } from './check.ts'

/** The service as the user's settings tell of it. @throws InvalidBatchError naming what is missing */
export function subjectOf(configuration: ServiceConfiguration, env: Environment, region: string | undefined): Subject {
  const { project, database, remoteTmpdir, lanes, topicPrefix, regions } = configuration
  const known = regions === undefined || regions === 'any' ? [] : regions
  const ofFile = readConfigurationFile(configurationPath(env)).region
  const home = region ?? (env.GRAUPEL_REGION || ofFile) ?? known[0] ?? defaultChoices.region
  return {
    project,
    prefix: topicPrefix,
    region: home,
    regions: known.length > 0 ? known : [home],
    database,
    bucket: remoteTmpdir.slice('gs://'.length).split('/', 1)[0] ?? '',
    lanes,
    workerImage: undefined,
    machines: defaultMachines,
  }
}

/** With what was chosen about machines, for those who may read it: the others reckon with the defaults. */
export async function withChoices(subject: Subject, api: GoogleApi, env: Environment): Promise<Subject> {
  const { project, prefix, machines } = subject
  const memory = openMemory(api, { env, project, prefix, keepsStateHere: false })
  const choices = await memory.recall().catch(() => undefined)
  const chosen = Object.entries(choices?.machines ?? {}).filter(([, value]) => value !== undefined)
  return { ...subject, workerImage: choices?.worker_image, machines: { ...machines, ...Object.fromEntries(chosen) } }
}
