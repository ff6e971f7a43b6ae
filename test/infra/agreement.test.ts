import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '@graupel/functions/config'
import { makeTaskFunction } from '@graupel/functions/task-function'
import {
  type Document,
  deadEventWrite,
  encodeAttached,
  encodeBatch,
  encodeChunk,
  encodeWorker,
  sweepBodySchema,
  type Task,
  type Write,
} from 'graupel/engine'
import { newBatchRecord, newWorkerRecord, reduceBatch, reduceWorker } from 'graupel/kernel'
import {
  batchId,
  batchRecordSchema,
  jobDocumentSchema,
  laneTopic,
  poolId,
  shardRecordSchema,
  updateTokenSchema,
  workerId,
  workerRecordSchema,
  workersTopic,
} from 'graupel/model'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readServiceConfiguration } from '../../client/src/backends/service/service-configuration.ts'
import { kinds } from '../../client/src/cli/destroy/kinds.ts'
import { type Item, isOf, itemSchema } from '../../client/src/cli/destroy/left-behind.ts'
import { newPool, poolRecordSchema, poolWrite } from '../../client/src/engine/pool-record.ts'
import { reservationsSchema } from '../../client/src/engine/reservations.ts'
import { readConfig as readWorkerConfig } from '../../worker-vm/src/config.ts'
import { postJson, serve, silentLog } from '../functions/hosted.ts'
import { type EvaluatedModule, evaluateModule } from './evaluate-module.ts'
import { whyNoTerraform } from './terraform.ts'

const reason = whyNoTerraform()
if (reason !== undefined) console.log(`whether the module agrees with the code is not tested here: ${reason}`)

const functionsSource = join(import.meta.dirname, '../../functions/src')
const chunk = { shard: 0, firstJob: 1, templates: [], jobs: [], inPorts: [], outPorts: [], reportsFailures: false }

/** Every field of a collection's documents, and those of them that queries ask for by themselves. */
const collections: Readonly<Record<string, { readonly fields: readonly string[]; readonly asked: readonly string[] }>> =
  {
    attached: { fields: Object.keys(encodeAttached({ update: 1, outPorts: [] })), asked: [] },
    batches: { fields: Object.keys(batchRecordSchema.shape), asked: ['createdAt', 'isDeleting', 'state'] },
    // Read by people alone: see the functions that set poisonous and unreadable events aside.
    deadEvents: { fields: ['body', 'error', 'event', 'path', 'problem', 'receivedAt'], asked: [] },
    fleet: { fields: Object.keys(reservationsSchema.shape), asked: [] },
    // The state is for people who look for jobs in the console.
    jobs: { fields: Object.keys(jobDocumentSchema.shape), asked: ['state'] },
    plan: { fields: Object.keys(encodeChunk(chunk)), asked: [] },
    pools: { fields: Object.keys(poolRecordSchema.shape), asked: [] },
    shards: { fields: Object.keys(shardRecordSchema.shape), asked: ['readyPools'] },
    tokens: { fields: Object.keys(updateTokenSchema.shape), asked: [] },
    workers: { fields: Object.keys(workerRecordSchema.shape), asked: ['state'] },
  }

const fieldSchema = z.object({ collection: z.string(), field: z.string() })
const indexSchema = z.object({
  collection: z.literal('shards'),
  query_scope: z.literal('COLLECTION_GROUP'),
  fields: z.array(
    z.object({ field_path: z.string(), order: z.string().nullable(), array_config: z.string().nullable() }),
  ),
})
/** What makes those of each kind that destroy knows by their names or titles. */
const typeOfKind: Readonly<Record<string, string>> = {
  alert: 'google_monitoring_alert_policy',
  bucket: 'google_storage_bucket',
  dashboard: 'google_monitoring_dashboard',
  database: 'google_firestore_database',
  'log exclusion': 'google_logging_project_exclusion',
  network: 'google_compute_network',
  'notification channel': 'google_monitoring_notification_channel',
  queue: 'google_cloud_tasks_queue',
  role: 'google_project_iam_custom_role',
  'scheduler job': 'google_cloud_scheduler_job',
  service: 'google_cloudfunctions2_function',
  'service account': 'google_service_account',
  sink: 'google_logging_project_sink',
  template: 'google_compute_instance_template',
}

const optionalText = z.string().nullish()
const valuesSchema = z.object({
  name: optionalText,
  display_name: optionalText,
  title: optionalText,
  dashboard_json: optionalText,
})

/** As Google would list it. */
function itemOf(values: unknown): Item {
  const { name, display_name: displayName, title, dashboard_json: dashboard } = valuesSchema.parse(values)
  const titles = [
    displayName,
    title,
    ...(dashboard ? [z.object({ displayName: z.string() }).parse(JSON.parse(dashboard)).displayName] : []),
  ]
  return { name: name ?? '', displayName: titles.find((one) => one != null) }
}

const environmentSchema = z.record(z.string(), z.string())
const functionSchema = z.object({
  build_config: z.tuple([z.object({ entry_point: z.string() })]),
  service_config: z.tuple([
    z.object({
      environment_variables: environmentSchema,
      secret_environment_variables: z.array(z.object({ key: z.string() })),
    }),
  ]),
})

const documentOf = (write: Write): Document => (write.kind === 'set' ? write.document : {})

test('every collection of documents has a place in the list of fields', () => {
  const text = readFileSync(join(import.meta.dirname, '../../client/src/engine/paths.ts'), 'utf8')
  const named = [...text.matchAll(/(\w+)(?=\/\$\{)/g)].map(([, name = '']) => name)
  expect([...new Set(named)].sort()).toEqual(Object.keys(collections))
})

describe.skipIf(reason !== undefined)('the module', () => {
  let module: EvaluatedModule
  beforeAll(async () => {
    module = await evaluateModule(`
  alert_emails = ["someone@example.com"]
  lanes = 2
  machines = { max_per_pool = 1 }
  limits = {
    cpus_per_pool              = 2
    dollars_per_hour_per_pool  = 3
    machines_in_all            = 4
    cpus_in_all                = 5
    dollars_per_hour           = 6
    machines_per_batch         = 7
    cpus_per_batch             = 8
    dollars_per_hour_per_batch = 9
    dollars_per_batch          = 10
    on_demand_after_minutes    = 11
  }`)
  })

  const valuesOf = (type: string, name: string) =>
    module
      .ofType(type)
      .filter((resource) => resource.name === name)
      .map(({ values }) => values)

  test('exempts every field of every document from indexes but those that queries ask for', () => {
    const exempt = valuesOf('google_firestore_field', 'exempt').map((values) => fieldSchema.parse(values))
    for (const [collection, { fields, asked }] of Object.entries(collections)) {
      const found = exempt.filter((one) => one.collection === collection).map(({ field }) => field)
      // The field that tells when a document goes has an exemption of its own.
      expect(found.sort(), `change exempt_fields.${collection} in infra/firestore.tf`).toEqual(
        fields.filter((field) => !asked.includes(field) && field !== 'expireAt').sort(),
      )
    }
    expect([...new Set(exempt.map(({ collection }) => collection))].sort()).toEqual(Object.keys(collections))
  })

  test('lets documents go that the code says are to go, and no others', () => {
    const expiring = valuesOf('google_firestore_field', 'expiring').map((values) => fieldSchema.parse(values))
    for (const { field } of expiring) expect(field).toBe('expireAt')
    const worker = newWorkerRecord(workerId('machine.1'), poolId('spot'), 0, 1)
    const given = { id: batchId('abcdefgh'), name: undefined, user: 'u', attributes: {}, root: 'memory:///r' }
    const more = {
      cancelAfterNFailures: undefined,
      callback: undefined,
      deleteScratch: false,
      scratch: 'kept',
    } as const
    const lanes = { count: 1, deployed: 1 }
    const first = { token: 't', jobs: 1, shards: 1, planHash: 'h' }
    const batch = newBatchRecord({ ...given, ...more, lanes, createdAt: 0 }, first)
    const deleted = reduceBatch(batch, [
      { at: 1, event: { type: 'deleteRequested' } },
      { at: 7_200_000, event: { type: 'erased' } },
    ])
    const written: Readonly<Record<string, Document>> = {
      batches: encodeBatch(deleted),
      deadEvents: documentOf(deadEventWrite('id', { problem: 'p', body: 'b' }, 0)),
      pools: documentOf(poolWrite({ ...newPool(poolId('spot')), lookedAt: 0 }, undefined)),
      workers: encodeWorker(reduceWorker(worker, { type: 'cleared' })),
    }
    for (const [collection, { expireAt }] of Object.entries(written)) expect(expireAt, collection).toBeInstanceOf(Date)
    expect(expiring.map(({ collection }) => collection).sort()).toEqual(Object.keys(written))
    expect(encodeBatch(batch)).not.toHaveProperty('expireAt')
    expect(encodeWorker(worker)).not.toHaveProperty('expireAt')
  })

  test('has the indexes that the queries for ready shards need', () => {
    const indexes = module.ofType('google_firestore_index').map(({ values }) => indexSchema.parse(values))
    const orders = indexes.map(({ fields }) =>
      fields.map((one) => `${one.field_path} ${one.array_config ?? one.order}`),
    )
    expect(orders).toEqual([
      ['lane ASCENDING', 'readyPools ASCENDING'],
      ['lane ASCENDING', 'readyPools CONTAINS'],
    ])
  })

  test('calls topics and queues as the code calls them', () => {
    expect(valuesOf('google_pubsub_topic', 'lanes').map(({ name }) => name)).toEqual(
      [0, 1].flatMap((n) => [laneTopic('graupel', n), workersTopic('graupel', n)]),
    )
    expect(module.ofType('google_cloud_tasks_queue').map(({ values }) => values.name)).toEqual([
      'graupel-provision',
      'graupel-sweep',
    ])
  })

  test('knows machines by the names that the provisioner gives them, and takes none of another deployment for its own', () => {
    const own = ['graupel-spot-tq2w1c-0-0', 'graupel-standard-1a2b3c-tq2w1c-0-17']
    const foreign = ['graupel-two-spot-tq2w1c-0-0', 'other-spot-tq2w1c-0-0', 'graupel-database']
    const [sink] = module.ofType('google_logging_project_sink').map(({ values }) => String(values.filter))
    const told = /resourceName =~ "([^"]+)"/.exec(sink ?? '')?.[1] ?? ''
    expect(
      [...own, ...foreign].filter((name) => new RegExp(told).test(`projects/1/zones/a/instances/${name}`)),
    ).toEqual(own)
    for (const values of valuesOf('google_project_iam_member', 'machine_removal')) {
      const [{ expression }] = z.tuple([z.looseObject({ expression: z.string() })]).parse(values.condition)
      const starts = [...expression.matchAll(/startsWith\("([^"]+)"\)/g)].map(([, start = '']) => start)
      expect([...own, ...foreign].filter((name) => starts.some((start) => name.startsWith(start)))).toEqual(own)
    }
  })

  test('makes nothing that destroy would not know again, or would take for that of another deployment', () => {
    const place = { project: 'my-project', prefix: 'graupel', region: 'us-central1' }
    for (const { kind, known } of kinds.filter((one) => one.known !== 'label')) {
      const made = module.ofType(typeOfKind[kind] ?? kind).map(({ values }) => itemOf(values))
      expect(made, kind).not.toEqual([])
      for (const item of made) {
        expect(isOf(item, { known }, place), `${kind} ${JSON.stringify(item)}`).toBe(true)
        const other = itemSchema.parse(JSON.parse(JSON.stringify(item).replaceAll('graupel', 'graupel-e2e')))
        expect(isOf(other, { known }, place), `${kind} ${JSON.stringify(other)}`).toBe(false)
      }
    }
  })

  test('starts every function at an entry of its own folder', () => {
    const entries = module.ofType('google_cloudfunctions2_function').map(({ values }) => {
      const [{ entry_point: entry }] = functionSchema.parse(values).build_config
      return entry
    })
    expect([...new Set(entries)].sort()).toEqual(['api', 'kernel', 'provision', 'sweep'])
    for (const entry of entries)
      expect(existsSync(join(functionsSource, entry, `${entry}-function.ts`)), entry).toBe(true)
  })

  test('tells every function what its configuration asks for, and gives the key to the kernel alone', () => {
    for (const { index, values } of module.ofType('google_cloudfunctions2_function')) {
      const [service] = functionSchema.parse(values).service_config
      const secrets = service.secret_environment_variables.map(({ key }) => key)
      expect(secrets, String(index)).toEqual(String(index).startsWith('kernel-') ? ['GRAUPEL_SERVICE_KEY'] : [])
      const environment = {
        ...service.environment_variables,
        ...Object.fromEntries(secrets.map((key) => [key, 'k'.repeat(32)])),
      }
      const config = readConfig(environment)
      expect(config).toMatchObject({ project: 'my-project', database: 'graupel', lanes: 2, topicPrefix: 'graupel' })
    }
  })

  test('tells the provisioner every limit, and the sweep what a batch may cost', () => {
    const machinesOf = (name: string) => {
      const found = module.ofType('google_cloudfunctions2_function').find(({ index }) => index === name)
      const [service] = functionSchema.parse(found?.values).service_config
      return readConfig(service.environment_variables).machines
    }
    expect(machinesOf('provision')).toMatchObject({
      limits: {
        pool: { machines: 1, cpus: 2, dollarsPerHour: 3 },
        deployment: { machines: 4, cpus: 5, dollarsPerHour: 6 },
        batch: { machines: 7, cpus: 8, dollarsPerHour: 9 },
        dollarsPerBatch: 10,
      },
      onDemandAfterMs: 11 * 60_000,
    })
    expect(machinesOf('sweep').limits.dollarsPerBatch).toBe(10)
  })

  test('tells functions nothing that they do not read', () => {
    const named = module.ofType('google_cloudfunctions2_function').flatMap(({ values }) => {
      const [service] = functionSchema.parse(values).service_config
      return Object.keys(service.environment_variables)
    })
    const read = readConfigNames()
    expect([...new Set(named)].filter((name) => !read.has(name))).toEqual([])
  })

  test('tells each kernel its lane', () => {
    const lanes = module.ofType('google_cloudfunctions2_function').flatMap(({ values }) => {
      const [service] = functionSchema.parse(values).service_config
      return service.environment_variables.GRAUPEL_LANE ?? []
    })
    expect(lanes).toEqual(['0', '1'])
  })

  test('tells machines what their agent asks for', () => {
    const [template] = module.ofType('google_compute_instance_template')
    const lines = environmentSchema.parse(template?.values.metadata)['graupel-environment']?.split('\n') ?? []
    const environment = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    const config = readWorkerConfig({ ...environment, GRAUPEL_WORKER_NAME: 'graupel-spot-1' })
    expect(config.kernelUrls).toEqual(module.outputs.kernel_urls)
    expect(config).toMatchObject({
      project: 'my-project',
      topicPrefix: 'graupel',
      jobAccount: module.outputs.job_account,
    })
    expect(config.dockerHubMirror).toBe(module.outputs.docker_hub_mirror)
  })

  test('gives programs what their backend asks for', () => {
    const environment = { ...environmentSchema.parse(module.outputs.client_environment), XDG_CONFIG_HOME: '/nowhere' }
    expect(readServiceConfiguration({}, environment)).toMatchObject({
      project: 'my-project',
      database: 'graupel',
      remoteTmpdir: 'gs://my-project-graupel-batches/batches',
      lanes: 2,
      topicPrefix: 'graupel',
      regions: ['us-central1'],
    })
  })

  test('takes up the sweep with a task that the sweep understands, late enough to declare nobody lost', async () => {
    const [job] = module.ofType('google_cloud_scheduler_job')
    const [target] = z.tuple([z.looseObject({ body: z.base64() })]).parse(job?.values.http_target)
    const taken: Task[] = []
    const url = await serve(
      'sweep',
      makeTaskFunction(silentLog, async (task) => void taken.push(task)),
    )
    expect((await postJson(url, JSON.parse(Buffer.from(target.body, 'base64').toString()))).status).toBe(204)
    expect(taken.map(({ queue, body }) => ({ queue, body: sweepBodySchema.parse(body) }))).toEqual([
      { queue: 'sweep', body: { window: 0 } },
    ])
  })
})

/** Every variable that the functions' configuration names. */
function readConfigNames(): ReadonlySet<string> {
  const text = ['config.ts', 'fleet-config.ts']
    .map((file) => readFileSync(join(functionsSource, file), 'utf8'))
    .join('\n')
  return new Set([...text.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name))
}
