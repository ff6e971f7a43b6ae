// Stands for the program terraform: keeps a state beside the module, answers in the words of Terraform 1.11's
// machine-readable output, refuses to delete what is protected, and writes down how it was called.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const home = process.env.STAND_IN_TERRAFORM
const [command = '', ...args] = process.argv.slice(2)
const read = (path, otherwise) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : otherwise)
const write = (path, value) => writeFileSync(path, JSON.stringify(value))
const statePath = join(home, 'state.json')

const module = [
  'google_project_service.apis["run.googleapis.com"]',
  'google_firestore_database.database',
  'google_firestore_field.exempt["jobs.name"]',
  'google_storage_bucket.batches',
  'google_storage_bucket.sources',
  'google_pubsub_topic.lanes["0"]',
  'google_cloudfunctions2_function.functions["kernel-0"]',
  'google_cloudfunctions2_function.functions["api"]',
]
const protectedOnes = ['google_firestore_database.database', 'google_storage_bucket.batches']

const say = (type, message, fields, level = 'info') =>
  process.stdout.write(
    `${JSON.stringify({ '@level': level, '@message': message, '@module': 'terraform.ui', '@timestamp': '2026-11-26T20:00:00.000000Z', type, ...fields })}\n`,
  )
const resource = (addr) => ({
  addr,
  module: '',
  resource: addr,
  implied_provider: 'google',
  resource_type: addr.split('.')[0],
  resource_name: addr.split('.')[1],
  resource_key: null,
})

function fail(summary, detail) {
  say(
    'diagnostic',
    `Error: ${summary}`,
    { diagnostic: { severity: 'error', summary, detail, address: protectedOnes[0] } },
    'error',
  )
  process.exit(1)
}

const targets = args.flatMap((arg) => (arg.startsWith('-target=') ? [arg.slice('-target='.length)] : []))
const isTarget = (addr) =>
  targets.length === 0 || targets.some((target) => addr === target || addr.startsWith(`${target}[`))

function plan() {
  const state = read(statePath, { resources: [], isProtected: true })
  const isDestroy = args.includes('-destroy')
  const changed = isDestroy
    ? state.resources.filter(isTarget)
    : module.filter((addr) => !state.resources.includes(addr)).filter(isTarget)
  say('version', 'Terraform 1.11.4', { terraform: '1.11.4', ui: '1.2' })
  const action = isDestroy ? 'delete' : 'create'
  for (const addr of changed)
    say('planned_change', `${addr}: Plan to ${action}`, { change: { resource: resource(addr), action } })
  const changes = { add: isDestroy ? 0 : changed.length, change: 0, import: 0, remove: isDestroy ? changed.length : 0 }
  say('change_summary', 'Plan', { changes: { ...changes, operation: 'plan' } })
  const isProtected = read('terraform.tfvars.json', {}).data_can_be_deleted !== true
  write('graupel.tfplan', { isDestroy, changed, isProtected })
}

function apply() {
  const { isDestroy, changed, isProtected } = read('graupel.tfplan')
  const state = read(statePath, { resources: [], isProtected: true })
  if (isDestroy && state.isProtected && changed.some((addr) => protectedOnes.includes(addr)))
    fail('Error when reading or editing Database', 'Database is protected from deletion.')
  for (const addr of changed)
    say('apply_complete', `${addr}: ${isDestroy ? 'Destruction' : 'Creation'} complete after 1s`, {
      hook: { resource: resource(addr), action: isDestroy ? 'delete' : 'create', elapsed_seconds: 1 },
    })
  const resources = isDestroy
    ? state.resources.filter((addr) => !changed.includes(addr))
    : [...new Set([...state.resources, ...changed])]
  write(statePath, { resources, isProtected: isDestroy ? state.isProtected : isProtected })
  say('change_summary', 'Apply complete!', { changes: { add: 0, change: 0, remove: 0, operation: 'apply' } })
}

function outputs() {
  const { project, prefix, lanes, region } = read('terraform.tfvars.json')
  const value = {
    GRAUPEL_DATABASE: prefix,
    GRAUPEL_LANES: String(lanes),
    GRAUPEL_PROJECT: project,
    GRAUPEL_REGIONS: region,
    GRAUPEL_REMOTE_TMPDIR: `gs://${project}-${prefix}-batches/batches`,
    GRAUPEL_TOPIC_PREFIX: prefix,
  }
  const job = `${prefix}-job@${project}.iam.gserviceaccount.com`
  process.stdout.write(
    JSON.stringify({
      client_environment: { sensitive: false, type: ['map', 'string'], value },
      job_account: { sensitive: false, type: 'string', value: job },
    }),
  )
}

const hasKey = (process.env.TF_VAR_service_key ?? '').length >= 32
const foreign = Object.keys(process.env).filter(
  (name) => name.startsWith('TF_') && !['TF_VAR_service_key', 'TF_IN_AUTOMATION'].includes(name),
)
if (command !== 'version')
  appendFileSync(join(home, 'calls.jsonl'), `${JSON.stringify({ command, args, hasKey, foreign })}\n`)
if (existsSync(join(home, `fail-${command}`)))
  fail('Error creating Topic', readFileSync(join(home, `fail-${command}`), 'utf8'))

switch (command) {
  case 'version':
    process.stdout.write(JSON.stringify({ terraform_version: read(join(home, 'version.json'), '1.11.4') }))
    break
  case 'init':
    break
  case 'plan':
    plan()
    break
  case 'apply':
    apply()
    break
  case 'output':
    outputs()
    break
  case 'state':
    process.stdout.write(`data.google_project.project\n${read(statePath, { resources: [] }).resources.join('\n')}\n`)
    break
  default:
    fail(`there is no terraform ${command}`, '')
}
