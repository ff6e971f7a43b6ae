import { z } from 'zod'
import type { Check, CheckContext } from './check.ts'
import { failed, ok } from './finding.ts'
import { once } from './once.ts'

/** What the Terraform module switches on (infra/project.tf): a test compares them. */
export const neededApis = [
  'artifactregistry',
  'cloudbuild',
  'cloudfunctions',
  'cloudscheduler',
  'cloudtasks',
  'compute',
  'firestore',
  'iam',
  'iamcredentials',
  'logging',
  'monitoring',
  'pubsub',
  'run',
  'secretmanager',
  'storage',
] as const

/** What Terraform needs before it can switch anything on. */
export const firstApis = ['cloudresourcemanager', 'serviceusage'] as const

const servicesSchema = z.object({ services: z.array(z.object({ name: z.string(), state: z.string() })).default([]) })

/** Those that deploying needs at once, or all that the service needs. All are asked for in one call. */
export function apiChecks(names: readonly string[]): readonly Check[] {
  const readOnce = once(readEnabled)
  return names.map((name) => ({
    id: `api:${name}`,
    title: `API ${name}`,
    needs: ['project'],
    remedy: 'gcloud services enable serviceusage.googleapis.com',
    async run(context) {
      if ((await readOnce(context)).has(name)) return ok('enabled')
      const { project } = context.subject
      return failed(
        'not enabled',
        `gcloud services enable ${name}.googleapis.com --project ${project}, or deploy again`,
      )
    },
  }))
}

async function readEnabled({ api, subject: { project } }: CheckContext): Promise<ReadonlySet<string>> {
  const names = [...firstApis, ...neededApis].map((name) => `projects/${project}/services/${name}.googleapis.com`)
  const path = `/v1/projects/${project}/services:batchGet`
  const { services } = await api.call(servicesSchema, { service: 'serviceusage', path, query: { names } })
  const enabled = services.filter(({ state }) => state === 'ENABLED')
  return new Set(enabled.map(({ name }) => name.split('/').at(-1)?.replace('.googleapis.com', '') ?? ''))
}
