import { z } from 'zod'
import type { Check } from './check.ts'
import { failed, ok } from './finding.ts'

const loginRemedy = 'gcloud auth application-default login'

/** What must be true before anything can be deployed. */
export const projectChecks: readonly Check[] = [
  {
    id: 'login',
    title: 'login',
    needs: [],
    remedy: loginRemedy,
    async run({ api }) {
      try {
        await api.login()
        return ok('application default credentials are there')
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error), loginRemedy)
      }
    },
  },
  {
    id: 'project',
    title: 'project',
    needs: ['login'],
    remedy: 'check the id; gcloud services enable cloudresourcemanager.googleapis.com; ask for roles/viewer on it',
    async run({ api, subject: { project } }) {
      const call = { service: 'cloudresourcemanager', path: `/v3/projects/${project}` }
      const { state } = await api.call(z.object({ state: z.string() }), call)
      if (state === 'ACTIVE') return ok(project)
      return failed(`${project} is ${state}`, `choose another project, or: gcloud projects undelete ${project}`)
    },
  },
  {
    id: 'billing',
    title: 'billing',
    needs: ['project'],
    remedy: 'gcloud services enable cloudbilling.googleapis.com, or look at https://console.cloud.google.com/billing',
    async run({ api, subject: { project } }) {
      const call = { service: 'cloudbilling', path: `/v1/projects/${project}/billingInfo` }
      const { billingEnabled } = await api.call(z.object({ billingEnabled: z.boolean().default(false) }), call)
      if (billingEnabled) return ok('an account pays for the project')
      return failed(
        'nobody pays for the project',
        `gcloud billing projects link ${project} --billing-account <account>`,
      )
    },
  },
]
