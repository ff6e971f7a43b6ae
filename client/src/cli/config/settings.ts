import { userInfo } from 'node:os'
import {
  type ConfigurationFile,
  configurationFileSchema,
  type Environment,
} from '../../backends/service/service-configuration.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'

export type SettingName = keyof ConfigurationFile

/** A setting as programs will find it, and who says so. */
export type EffectiveSetting =
  | { readonly name: SettingName; readonly value: string; readonly from: string }
  | { readonly name: SettingName; readonly value: undefined; readonly from: 'nowhere' }

/** Every setting, with the variable that beats the file. */
const variables: Readonly<Record<SettingName, string>> = {
  project: 'GRAUPEL_PROJECT',
  region: 'GRAUPEL_REGION',
  database: 'GRAUPEL_DATABASE',
  bucket: 'GRAUPEL_BUCKET',
  remoteTmpdir: 'GRAUPEL_REMOTE_TMPDIR',
  regions: 'GRAUPEL_REGIONS',
  lanes: 'GRAUPEL_LANES',
  topicPrefix: 'GRAUPEL_TOPIC_PREFIX',
  user: 'GRAUPEL_USER',
}

/** What `readServiceConfiguration` takes where neither says anything. */
const defaults: Readonly<Partial<Record<SettingName, string>>> = {
  database: '(default)',
  lanes: '8',
  topicPrefix: 'graupel',
}

const isSettingName = (name: string): name is SettingName => Object.hasOwn(variables, name)

/** @throws InvalidBatchError with all names that there are */
export function parseSettingName(name: string): SettingName {
  if (isSettingName(name)) return name
  throw new InvalidBatchError({
    message: `There is no setting '${name}': the settings are ${Object.keys(variables).join(', ')}`,
  })
}

/**
 * A setting's value from its text; regions are separated by commas.
 * @throws InvalidBatchError saying what the setting takes
 */
export function parseSetting(name: SettingName, text: string): ConfigurationFile {
  const parsed = configurationFileSchema.safeParse({ [name]: readText(name, text) })
  if (parsed.success) return parsed.data
  const problem = parsed.error.issues.map((issue) => issue.message).join('; ')
  throw new InvalidBatchError({ message: `'${text}' is no ${name}: ${problem}` })
}

function readText(name: SettingName, text: string): unknown {
  if (name === 'lanes') return Number(text)
  if (name !== 'regions' || text === 'any') return text
  return text
    .split(',')
    .map((region) => region.trim())
    .filter((region) => region !== '')
}

/** All settings: the environment beats the file, which beats the defaults. Pure. */
export const effectiveSettings = (file: ConfigurationFile, environment: Environment): EffectiveSetting[] =>
  Object.keys(variables)
    .filter(isSettingName)
    .map((name) => effectiveSetting(name, file, environment))

export function effectiveSetting(
  name: SettingName,
  file: ConfigurationFile,
  environment: Environment,
): EffectiveSetting {
  const variable = variables[name]
  const ofEnvironment = environment[variable]
  if (ofEnvironment !== undefined && ofEnvironment !== '') return { name, value: ofEnvironment, from: variable }
  const ofFile = file[name]
  if (ofFile !== undefined) return { name, value: String(ofFile), from: 'file' }
  const ofGoogle = name === 'project' ? environment.GOOGLE_CLOUD_PROJECT : undefined
  if (ofGoogle !== undefined && ofGoogle !== '') return { name, value: ofGoogle, from: 'GOOGLE_CLOUD_PROJECT' }
  const ofDefaults = name === 'user' ? userInfo().username : defaults[name]
  if (ofDefaults !== undefined) return { name, value: ofDefaults, from: 'default' }
  return { name, value: undefined, from: 'nowhere' }
}
