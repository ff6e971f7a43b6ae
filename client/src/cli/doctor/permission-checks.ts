import { z } from 'zod'
import type { Check, CheckContext } from './check.ts'
import { failed, ok, type Verdict } from './finding.ts'
import { once } from './once.ts'

const granted = z.object({ permissions: z.array(z.string()).default([]) })

/** What whoever deploys must be able to make, and to grant on it: the module's resources, one by one. */
export const deployPermissions = [
  'artifactregistry.repositories.create',
  'artifactregistry.repositories.setIamPolicy',
  'artifactregistry.repositories.uploadArtifacts',
  'artifactregistry.tags.get',
  'cloudfunctions.functions.create',
  'cloudscheduler.jobs.create',
  'cloudtasks.queues.create',
  'cloudtasks.queues.setIamPolicy',
  'compute.instanceTemplates.create',
  'compute.networks.create',
  'compute.subnetworks.create',
  'datastore.databases.create',
  'datastore.indexes.create',
  'iam.roles.create',
  'iam.serviceAccounts.actAs',
  'iam.serviceAccounts.create',
  'iam.serviceAccounts.setIamPolicy',
  'logging.exclusions.create',
  'logging.sinks.create',
  'monitoring.dashboards.create',
  'pubsub.subscriptions.create',
  'pubsub.topics.create',
  'pubsub.topics.setIamPolicy',
  'resourcemanager.projects.get',
  'resourcemanager.projects.setIamPolicy',
  'run.services.setIamPolicy',
  'secretmanager.secrets.create',
  'secretmanager.versions.add',
  'serviceusage.services.enable',
  'storage.buckets.create',
  'storage.buckets.setIamPolicy',
  'storage.objects.create',
] as const

/** One check per permission to deploy: the remedy is for the one that is missing. All are asked for in one call. */
export function deployPermissionChecks(): readonly Check[] {
  const askOnce = once(askForAll)
  return deployPermissions.map((permission) => ({
    id: `permission:${permission}`,
    title: permission,
    needs: ['project'],
    remedy: 'gcloud services enable cloudresourcemanager.googleapis.com',
    run: async (context) => deployVerdict(permission, await askOnce(context)),
  }))
}

function deployVerdict(permission: string, held: readonly string[]): Verdict {
  if (held.includes(permission)) return ok('granted')
  return failed(
    'not granted',
    `ask for a role with ${permission}: an Owner has it, roles/editor with roles/iam.securityAdmin and roles/iam.roleAdmin may do`,
  )
}

async function askForAll({ api, subject: { project } }: CheckContext): Promise<readonly string[]> {
  const path = `/v3/projects/${project}:testIamPermissions`
  const body = { permissions: deployPermissions }
  return (await api.call(granted, { service: 'cloudresourcemanager', method: 'POST', path, body })).permissions
}

const bucketPermissions = [
  'storage.objects.create',
  'storage.objects.delete',
  'storage.objects.get',
  'storage.objects.list',
]

/**
 * What whoever submits must be able to do, asked where it is granted: grants on documents bear a condition, so they are
 * tried. Whoever submits need not be allowed to look at the project.
 */
export const submitPermissionChecks: readonly Check[] = [
  {
    id: 'documents',
    title: 'read documents',
    isAllowedIfSeen: true,
    needs: ['login'],
    stoppedBy: ['project'],
    remedy: 'deploy with --submitter user:<you>, or: gcloud auth application-default login as somebody who may',
    async run({ api, subject: { project, database } }) {
      const path = `/v1/projects/${project}/databases/${encodeURIComponent(database)}/documents/batches`
      await api.call(z.unknown(), { service: 'firestore', path, query: { pageSize: '1' } })
      return ok(`batches of database ${database} can be read`)
    },
  },
  {
    id: 'files',
    title: 'read and write files',
    needs: ['login'],
    stoppedBy: ['project'],
    remedy: 'deploy with --submitter user:<you>',
    async run({ api, subject: { bucket } }) {
      const path = `/storage/v1/b/${bucket}/iam/testPermissions`
      const { permissions } = await api.call(granted, {
        service: 'storage',
        path,
        query: { permissions: bucketPermissions },
      })
      return missingVerdict(bucketPermissions, permissions, `gs://${bucket}`)
    },
  },
  {
    id: 'events',
    title: 'publish events',
    needs: ['login'],
    stoppedBy: ['project'],
    remedy: 'deploy with --submitter user:<you>',
    async run({ api, subject: { project, prefix, lanes } }) {
      const wanted = ['pubsub.topics.publish']
      for (let lane = 0; lane < lanes; lane++) {
        const topic = `projects/${project}/topics/${prefix}-lane-${lane}`
        const path = `/v1/${topic}:testIamPermissions`
        const call = { service: 'pubsub', method: 'POST', path, body: { permissions: wanted } } as const
        const { permissions } = await api.call(granted, call)
        const verdict = missingVerdict(wanted, permissions, topic)
        if (verdict.state !== 'ok') return verdict
      }
      return ok(`${lanes} lanes take events`)
    },
  },
]

function missingVerdict(wanted: readonly string[], held: readonly string[], where: string): Verdict {
  const missing = wanted.filter((permission) => !held.includes(permission))
  if (missing.length === 0) return ok(`granted on ${where}`)
  return failed(`${missing.join(', ')} on ${where}: not granted`, 'deploy with --submitter user:<you>')
}
