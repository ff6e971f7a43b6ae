import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Environment } from '../../backends/service/service-configuration.ts'
import { ServiceError } from '../../errors/service-error.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { findOne } from '../google/list-all.ts'
import { type Choices, imageTagLength } from './deployment.ts'

/** The image that machines are to run, and what is to be done for it. */
export type AgentImage = { readonly reference: string } & (
  | { readonly state: 'chosen' | 'pushed' }
  | {
      readonly state: 'missing'
      /** Folder that it is built from. */
      readonly context: string
      /** Whether the registry can take it before anything else is changed. */
      readonly hasRepository: boolean
    }
)

const named = z.looseObject({ name: z.string() })

/** Asks the registry alone: an image is called by what it is built from, so that one of the same name is the same. */
export async function planAgentImage(
  api: GoogleApi,
  env: Environment,
  { choices, context }: { readonly choices: Choices; readonly context: string },
): Promise<AgentImage> {
  if (choices.worker_image !== undefined) return { state: 'chosen', reference: choices.worker_image }
  const tag = hashContext(context)
  const reference = `${repositoryOf(choices, env)}/worker:${tag}`
  const path = `/v1/projects/${choices.project}/locations/${choices.region}/repositories/${choices.prefix}-images`
  if (await isThere(api, `${path}/packages/worker/tags/${tag}`)) return { state: 'pushed', reference }
  return { state: 'missing', reference, context, hasRepository: await isThere(api, path) }
}

/** Before the first time Google's API is off, which it tells by a refusal. */
async function isThere(api: GoogleApi, path: string): Promise<boolean> {
  try {
    return (await findOne(api, named, { service: 'artifactregistry', path })) !== undefined
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return false
    throw error
  }
}

/** Where the module makes it; `GRAUPEL_IMAGE_REGISTRY` names another host, such as one of this machine. */
function repositoryOf({ project, prefix, region }: Choices, env: Environment): string {
  const host = env.GRAUPEL_IMAGE_REGISTRY || `${region}-docker.pkg.dev`
  return `${host}/${project.replace(':', '/')}/${prefix}-images`
}

/** Of names and contents of all files. */
export function hashContext(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) {
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
    hash.update(`${digest} ${name}\n`)
  }
  return hash.digest('hex').slice(0, imageTagLength)
}

const hoursUnlessChosen = 24

/** What becomes of the image, and of machines that run another one. Pure. */
export function showAgentImage(image: AgentImage, choices: Choices): string {
  const { reference } = image
  switch (image.state) {
    case 'chosen':
      return `Machines run ${reference}, as you chose.`
    case 'pushed':
      return `Machines run ${reference}, which the registry has.`
    case 'missing':
      return [
        `The agent's image is built here by Docker, for linux/amd64, and pushed as ${reference}.`,
        `New machines run it. Those that live keep theirs until they end, after ${choices.machines?.max_hours ?? hoursUnlessChosen} hours at the latest.`,
      ].join('\n')
    default:
      return image satisfies never
  }
}
