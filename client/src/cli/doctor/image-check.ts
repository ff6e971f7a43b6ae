import { z } from 'zod'
import { tagOfOwnImage } from '../deploy/deployment.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { findOne } from '../google/list-all.ts'
import type { Subject } from './check.ts'
import { failed, ok, skipped, type Verdict } from './finding.ts'

const tagSchema = z.object({ version: z.string() })
const tagsSchema = z.object({ tags: z.array(z.looseObject({ name: z.string() })).default([]) })

/** Whether the registry has the agent's image: the very one that machines are told to run, where that is known. */
export async function lookAtImage(api: GoogleApi, subject: Subject): Promise<Verdict> {
  const { workerImage } = subject
  if (workerImage === undefined) return lookForAny(api, subject)
  const tag = tagOfOwnImage(workerImage, subject)
  if (tag === undefined) return skipped(`it is ${workerImage}, as you chose`)
  const path = `${worker(subject)}/tags/${tag}`
  const found = await findOne(api, tagSchema, { service: 'artifactregistry', path })
  return found === undefined
    ? nothingToRun(`${workerImage} is not there`)
    : ok(`worker:${tag} is ${found.version.split('/').at(-1)?.slice(0, 19)}`)
}

/** Who submits need not be allowed to read what was chosen. */
async function lookForAny(api: GoogleApi, subject: Subject): Promise<Verdict> {
  const path = `${worker(subject)}/tags`
  const found = await findOne(api, tagsSchema, { service: 'artifactregistry', path })
  const names = found?.tags.map(({ name }) => name.split('/').at(-1)) ?? []
  return names.length === 0 ? nothingToRun('the repository has none') : ok(`there are worker:${names.join(', ')}`)
}

const worker = ({ project, region, prefix }: Subject): string =>
  `/v1/projects/${project}/locations/${region}/repositories/${prefix}-images/packages/worker`

const nothingToRun = (why: string): Verdict =>
  failed(`${why}: machines have nothing to run`, 'graupel deploy builds and pushes it; --worker-image names another')
