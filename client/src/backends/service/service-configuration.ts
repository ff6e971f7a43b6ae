import { readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { ServiceBackendOptions } from './service-options.ts'

/** Everything that a client of the service must know. */
export interface ServiceConfiguration {
  readonly project: string
  readonly database: string
  /** Without a slash at its end. */
  readonly remoteTmpdir: string
  readonly lanes: number
  readonly topicPrefix: string
  readonly user: string
  /** `undefined`: as the service decides. */
  readonly regions: readonly string[] | 'any' | undefined
  /** Servers on this machine instead of Google's: `host:port`, the last one with `http://`. */
  readonly firestoreHost: string | undefined
  readonly pubsubHost: string | undefined
  readonly storageUrl: string | undefined
  /** Where the emulated service's api answers. */
  readonly apiUrl: string | undefined
}

/** The user's configuration file: what `graupel config` writes. */
export const configurationFileSchema = z
  .object({
    project: z.string().min(1),
    /** Where the service's functions are. */
    region: z.string().min(1),
    database: z.string().min(1),
    bucket: z.string().min(1),
    remoteTmpdir: z.string().regex(/^gs:\/\/[^/]+/, 'write gs://bucket/folder'),
    regions: z.union([z.literal('any'), z.array(z.string().min(1))]).refine((regions) => regions.length > 0, {
      message: "write regions separated by commas, or 'any'",
    }),
    lanes: z
      .number('write a whole number, at least 1')
      .int('write a whole number')
      .min(1, 'write a number of at least 1'),
    topicPrefix: z.string().min(1),
    user: z.string().min(1),
  })
  .partial()
export type ConfigurationFile = z.infer<typeof configurationFileSchema>

export type Environment = Readonly<Record<string, string | undefined>>

/** `~/.config/graupel/config.json`, or where `XDG_CONFIG_HOME` says. */
export const configurationPath = (environment: Environment): string =>
  join(nonEmpty(environment.XDG_CONFIG_HOME) ?? join(homedir(), '.config'), 'graupel', 'config.json')

/**
 * Options beat the environment, which beats the user's file, which beats defaults.
 * @throws InvalidBatchError naming what is missing or wrong, and what to do
 */
export function readServiceConfiguration(
  options: ServiceBackendOptions,
  environment: Environment,
): ServiceConfiguration {
  const file = readConfigurationFile(configurationPath(environment))
  const text = (name: string): string | undefined => nonEmpty(environment[name])
  return {
    project: required('project', options.project, text('GRAUPEL_PROJECT'), file.project, text('GOOGLE_CLOUD_PROJECT')),
    database: options.database ?? text('GRAUPEL_DATABASE') ?? file.database ?? '(default)',
    remoteTmpdir: remoteTmpdirOf(options, environment, file),
    lanes: lanesOf(text('GRAUPEL_LANES')) ?? file.lanes ?? 8,
    topicPrefix: text('GRAUPEL_TOPIC_PREFIX') ?? file.topicPrefix ?? 'graupel',
    user: text('GRAUPEL_USER') ?? file.user ?? userInfo().username,
    regions: options.regions ?? regionsOf(text('GRAUPEL_REGIONS')) ?? file.regions,
    firestoreHost: text('FIRESTORE_EMULATOR_HOST'),
    pubsubHost: text('PUBSUB_EMULATOR_HOST'),
    storageUrl: text('STORAGE_EMULATOR_HOST'),
    apiUrl: text('GRAUPEL_API_URL'),
  }
}

/** Empty if there is no file. */
export function readConfigurationFile(path: string): ConfigurationFile {
  try {
    return configurationFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new InvalidBatchError({
      message: `The configuration file ${path} cannot be used: ${problem}; correct it, or delete it`,
      cause: error,
    })
  }
}

function remoteTmpdirOf(options: ServiceBackendOptions, environment: Environment, file: ConfigurationFile): string {
  const inBucket = (bucket: string | undefined) => (bucket === undefined ? undefined : `gs://${bucket}/batches`)
  const folder = required(
    'remoteTmpdir',
    options.remoteTmpdir ?? inBucket(options.bucket),
    nonEmpty(environment.GRAUPEL_REMOTE_TMPDIR) ?? inBucket(nonEmpty(environment.GRAUPEL_BUCKET)),
    file.remoteTmpdir ?? inBucket(file.bucket),
  )
  if (/^gs:\/\/[^/]+/.test(folder)) return folder.replace(/\/+$/, '')
  throw new InvalidBatchError({ message: `remoteTmpdir '${folder}' is not in Cloud Storage: write gs://bucket/folder` })
}

const variables = { project: 'GRAUPEL_PROJECT', remoteTmpdir: 'GRAUPEL_REMOTE_TMPDIR' } as const

function required(name: keyof typeof variables, ...candidates: readonly (string | undefined)[]): string {
  const found = candidates.find((candidate) => candidate !== undefined)
  if (found !== undefined) return found
  throw new InvalidBatchError({
    message: `ServiceBackend does not know its ${name}: pass new ServiceBackend({ ${name} }), set ${variables[name]}, or run: graupel config set ${name} <value>`,
  })
}

function lanesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const lanes = Number(text)
  if (Number.isInteger(lanes) && lanes >= 1) return lanes
  throw new InvalidBatchError({ message: `GRAUPEL_LANES is '${text}': write the number of lanes that are deployed` })
}

function regionsOf(text: string | undefined): readonly string[] | 'any' | undefined {
  if (text === undefined || text === 'any') return text
  return text.split(',').flatMap((region) => nonEmpty(region.trim()) ?? [])
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text)
