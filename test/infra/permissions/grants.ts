import { z } from 'zod'
import type { EvaluatedModule, Resource } from '../evaluate-module.ts'

/** What each of Google's roles that the module grants is granted for. https://cloud.google.com/iam/docs/roles-permissions (2026-11) */
const predefinedRoles: Readonly<Record<string, readonly string[]>> = {
  'roles/artifactregistry.writer': ['artifactregistry.repositories.uploadArtifacts'],
  'roles/iam.serviceAccountTokenCreator': ['iam.serviceAccounts.getOpenIdToken'],
  'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs'],
  'roles/logging.logWriter': ['logging.logEntries.create'],
  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/pubsub.subscriber': ['pubsub.subscriptions.consume'],
  'roles/run.invoker': ['run.routes.invoke'],
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
}

const grantSchema = z.object({
  role: z.string(),
  member: z.string(),
  condition: z.array(z.object({ title: z.string() })).optional(),
})

/** Everything that the module allows anybody: `who: permission on what`, sorted. Lanes are not told apart. */
export function grantsOf(module: EvaluatedModule): string[] {
  const permissions = permissionsByRole(module)
  const names = memberNames(module)
  const grants = module.resources
    .filter(({ type }) => type.endsWith('_iam_member'))
    .flatMap((resource) => {
      const { role, member, condition } = grantSchema.parse(resource.values)
      const granted = permissions.get(role)
      if (granted === undefined) throw new Error(`${resource.address} grants the role ${role}, which no test knows`)
      const target = condition?.[0]?.title ?? targetOf(module, resource)
      return granted.map((permission) => `${names.get(member) ?? member}: ${permission} on ${target}`)
    })
  return [...new Set(grants)].sort()
}

const customRoleSchema = z.object({ id: z.string(), permissions: z.array(z.string()) })

function permissionsByRole(module: EvaluatedModule): Map<string, readonly string[]> {
  const custom = module.ofType('google_project_iam_custom_role').map(({ values }) => customRoleSchema.parse(values))
  return new Map([...Object.entries(predefinedRoles), ...custom.map((one) => [one.id, one.permissions] as const)])
}

const accountSchema = z.object({ account_id: z.string(), member: z.string() })

/** `kernel` for the identity of the kernel: its address is computed. */
function memberNames(module: EvaluatedModule): Map<string, string> {
  const accounts = module.ofType('google_service_account').map(({ values }) => accountSchema.parse(values))
  const sinks = module.ofType('google_logging_project_sink')
  return new Map([
    ...accounts.map(({ account_id, member }) => [member, account_id.replace('graupel-', '')] as const),
    ...sinks.map(({ values }) => [String(values.writer_identity), 'log sink'] as const),
    ['serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com', 'Pub/Sub'],
  ])
}

/** The arguments that name what a grant is about. */
const targetArguments = [
  'topic',
  'subscription',
  'bucket',
  'secret_id',
  'repository',
  'subnetwork',
  'service_account_id',
]

function targetOf(module: EvaluatedModule, { type, values }: Resource): string {
  if (type === 'google_project_iam_member') return 'the project'
  const argument = targetArguments.find((one) => one in values) ?? 'name'
  const type_ = type.replace(/_iam_member$/, '')
  const target = module.ofType(type_).find((one) => [one.values.id, one.values.name].includes(values[argument]))
  const { account_id, secret_id, repository_id } = target?.values ?? {}
  const name = String(account_id ?? secret_id ?? repository_id ?? values[argument])
  const kind = argument === 'name' ? (type_.endsWith('queue') ? 'queue' : 'function') : argument.replace(/_id$/, '')
  return `${kind} ${name}`
    .replaceAll('_', ' ')
    .replace(/(my-project-)?graupel-?/, '')
    .replace(/-\d+(?=-|$)/, '')
    .trim()
}
