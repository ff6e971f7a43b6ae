import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Block, readModule } from './hcl/read-module.ts'
import { readModuleText } from './module-files.ts'
import { readProviderSchemas } from './schema/provider-schemas.ts'

const blocks = await readModule()
const text = readModuleText()

const nameArguments = ['account_id', 'display_name', 'name', 'repository_id', 'role_id', 'secret_id']
/** Made from the prefix, or the name of something that is. */
const ofEnvironment = /var\.prefix|local\.(?:bucket|role)_prefix|\$\{(?:google_|each\.value)/

/** The API behind each kind of resource, by how its type begins. */
const apis: Readonly<Record<string, string>> = {
  artifact_registry: 'artifactregistry',
  billing: 'billingbudgets',
  cloud_run: 'run',
  cloud_scheduler: 'cloudscheduler',
  cloud_tasks: 'cloudtasks',
  cloudfunctions2: 'cloudfunctions',
  compute: 'compute',
  firestore: 'firestore',
  logging: 'logging',
  monitoring: 'monitoring',
  project: 'iam',
  pubsub: 'pubsub',
  secret_manager: 'secretmanager',
  service_account: 'iam',
  storage: 'storage',
}

const bodiesOf = (type: string, names: RegExp = /./): readonly Block[] => {
  const found = blocks.filter((block) => block.type === type && names.test(block.place))
  expect(found, `there is no ${type}`).not.toEqual([])
  return found
}

/** How an expression reads when the file has been parsed. */
const expression = (text: string): string => `\${${text}}`

const one = <S extends z.ZodRawShape>(shape: S) => z.array(z.looseObject(shape)).length(1)

/** Every block of a type has this shape. */
function expectEach(type: string, shape: z.ZodRawShape, names?: RegExp): void {
  for (const { place, body } of bodiesOf(type, names)) {
    const parsed = z.looseObject(shape).safeParse(body)
    expect(parsed.success, `${place}: ${parsed.error === undefined ? '' : z.prettifyError(parsed.error)}`).toBe(true)
  }
}

test('a subscription never expires', () => {
  expectEach('google_pubsub_subscription', { expiration_policy: one({ ttl: z.literal('') }) })
})

test('a subscription pushes with a token for its receiver, repeats slower and slower, and gives up into the dead letters', () => {
  const backoff = z.string().regex(/^\d+s$/)
  const shape = {
    push_config: one({ oidc_token: one({ audience: z.string(), service_account_email: z.string() }) }),
    retry_policy: one({ minimum_backoff: backoff, maximum_backoff: backoff }),
    dead_letter_policy: one({
      dead_letter_topic: z.literal(expression('google_pubsub_topic.dead_letters.id')),
      max_delivery_attempts: z.number().min(5).max(100),
    }),
  }
  expectEach('google_pubsub_subscription', shape, /^(?!.*\.dead_letters )/)
})

test('a queue has a rate, a limit of tasks at once, and repeats', () => {
  const limit = z.string().regex(/each\.value\./)
  expectEach('google_cloud_tasks_queue', {
    rate_limits: one({ max_concurrent_dispatches: limit, max_dispatches_per_second: limit }),
    retry_config: one({ max_attempts: z.string(), max_backoff: z.string(), min_backoff: z.string() }),
  })
})

test('a function runs and is built as itself, costs nothing idle, and has an end to its instances', () => {
  expectEach('google_cloudfunctions2_function', {
    build_config: one({ service_account: z.literal(expression('google_service_account.build.id')) }),
    service_config: one({
      service_account_email: z.literal(expression('google_service_account.functions[each.value.entry_point].email')),
      min_instance_count: z.literal(0),
      max_instance_count: z.literal(expression('each.value.max_instances')),
    }),
  })
})

test('a machine has no external address, is deleted when its time is over or it is taken, and does not come back', () => {
  expectEach('google_compute_instance_template', {
    network_interface: one({ access_config: z.undefined().optional(), ipv6_access_config: z.undefined().optional() }),
    scheduling: one({
      instance_termination_action: z.literal('DELETE'),
      automatic_restart: z.literal(false),
      max_run_duration: one({ seconds: z.string() }),
    }),
    shielded_instance_config: one({ enable_secure_boot: z.literal(true) }),
    service_account: one({ email: z.literal(expression('google_service_account.worker.email')) }),
  })
})

test("a bucket is nobody's but its members'", () => {
  expectEach('google_storage_bucket', {
    public_access_prevention: z.literal('enforced'),
    uniform_bucket_level_access: z.literal(true),
  })
})

test('a network has no subnets but its own, which reach Google without an address of their own', () => {
  expectEach('google_compute_network', { auto_create_subnetworks: z.literal(false) })
  expectEach('google_compute_subnetwork', { private_ip_google_access: z.literal(true) })
})

test('nothing is granted to everybody, nor by a role over everything', () => {
  expect(text).not.toMatch(/allUsers|allAuthenticatedUsers/)
  expect(text).not.toMatch(/roles\/(owner|editor|viewer|browser)\b|roles\/[\w.]*[aA]dmin\b/)
})

test('a grant adds a member and takes nothing from anybody else', () => {
  const authoritative = blocks.filter(({ type }) => /_iam_(binding|policy)$/.test(type))
  expect(authoritative).toEqual([])
})

test('no name is left to chance', () => {
  expect(blocks.filter(({ type, body }) => type.startsWith('random_') || 'name_prefix' in body)).toEqual([])
})

test('the providers are those that the module is checked against, and no others come by themselves', () => {
  const pinned = [...text.matchAll(/source +?= "(hashicorp\/\w+)"\n +version = "([^"]+)"/g)].map(
    ([, name, version]) => `${name} ${version}`,
  )
  const checked = readProviderSchemas().sources.map((origin) => origin.split(',', 1)[0])
  expect(pinned.sort()).toEqual(checked.sort())
})

test('two environments in one project share no name', () => {
  // An object's name is its bucket's matter.
  const named = blocks.filter(({ kind, type }) => kind === 'resource' && type !== 'google_storage_bucket_object')
  const shared = named.filter(({ body }) =>
    nameArguments.some((argument) => typeof body[argument] === 'string' && !ofEnvironment.test(body[argument])),
  )
  expect(shared.map(({ place }) => place)).toEqual([])
})

test('the API of everything is switched on', () => {
  const { for_each: switchedOn } = bodiesOf('google_project_service')[0]?.body ?? {}
  for (const { type, place } of blocks.filter((block) => block.type.startsWith('google_'))) {
    const [, api] = Object.entries(apis).find(([start]) => type.startsWith(`google_${start}`)) ?? []
    expect(api, `${place}: name its API here`).toBeDefined()
    expect(switchedOn, place).toContain(`"${api}.googleapis.com"`)
  }
})
