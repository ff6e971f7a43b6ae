import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ServiceBackend } from 'graupel'
import { z } from 'zod'
import { askWhoJobsAre, fillMachines, measureLatency, survivePreemption } from './batches.ts'
import { graupel, runCommand } from './run-command.ts'
import { type Limits, type Step, showSteps, stepsOf } from './steps.ts'

/**
 * The whole service on a real Google Cloud project, measured: `GRAUPEL_E2E_PROJECT=my-project npm run build && node
 * test/e2e/google-cloud/main.ts --run`. Without the variable or without `--run` it prints its steps and their cost, and
 * does nothing. Needs terraform, gcloud and a login.
 */
const { values } = parseArgs({
  options: {
    run: { type: 'boolean', default: false },
    'max-usd': { type: 'string', default: '10' },
    machines: { type: 'string', default: '1000' },
    region: { type: 'string', default: 'us-central1' },
    // Another one each time: Google blocks names of what was deleted for a while.
    prefix: { type: 'string', default: `graupel-e2e-${randomBytes(2).toString('hex')}` },
  },
})
const project = process.env.GRAUPEL_E2E_PROJECT ?? ''
const limits: Limits = {
  project: project || '(GRAUPEL_E2E_PROJECT)',
  prefix: values.prefix,
  region: values.region,
  machines: Number(values.machines),
  cores: 2,
}
const steps = stepsOf(limits)
console.log(showSteps(steps, limits))
const total = steps.reduce((sum, { usd }) => sum + usd, 0)
if (total > Number(values['max-usd'])) {
  console.error(`That is more than --max-usd ${values['max-usd']}: raise it, or take fewer --machines`)
  process.exitCode = 2
} else if (project === '' || !values.run) console.log('Nothing is done: set GRAUPEL_E2E_PROJECT and add --run')
else process.exitCode = await runSteps()

async function runSteps(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-e2e-'))
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'data') }
  let exitCode = 0
  try {
    for (const step of steps.filter(({ id }) => id !== 'destroy')) await runStep(step, env, folder)
  } catch (error) {
    console.error(error)
    exitCode = 1
  }
  try {
    await runStep({ id: 'destroy' }, env, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return exitCode
}

async function runStep(
  { id }: Pick<Step, 'id'> & Partial<Step>,
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<void> {
  const begun = performance.now()
  const result = await act(id, env, folder)
  const seconds = Math.round((performance.now() - begun) / 1000)
  console.log(JSON.stringify({ step: id, seconds, ...result }))
}

async function act(id: Step['id'], env: NodeJS.ProcessEnv, folder: string): Promise<object> {
  const place = ['--project', project, '--prefix', limits.prefix]
  switch (id) {
    case 'deploy': {
      const machines = ['--max-machines', String(limits.machines)]
      const deploy = ['deploy', ...place, '--region', limits.region, ...machines, '--yes', '--no-verify', '--json']
      await graupel(deploy, env)
      return nothingMore(await graupel(['deploy', ...place, '--plan', '--json'], env))
    }
    case 'doctor':
      return { findings: (await graupel(['doctor', '--json'], env)).trim().split('\n').length }
    case 'examples':
      return { examples: await runExamples(env, folder) }
    case 'latency':
      return withBackend(env, measureLatency)
    case 'identity':
      return withBackend(env, (backend) => askWhoJobsAre(backend, limits))
    case 'preemption':
      return withBackend(env, (backend) => survivePreemption(backend, limits))
    case 'scale':
      return (await whyNoRoom(env)) ?? (await withBackend(env, (backend) => fillMachines(backend, limits)))
    case 'cost':
      return costOf(await graupel(['list', '--limit', '1000', '--json'], env))
    case 'destroy':
      return z
        .object({ unexpected: z.array(z.string()) })
        .parse(JSON.parse(await graupel(['destroy', ...place, '--delete-data', '--force', '--yes', '--json'], env)))
    default:
      return id satisfies never
  }
}

/** A second plan right after the first apply has nothing to do. */
function nothingMore(report: string): object {
  const schema = z.object({ plan: z.object({ add: z.literal(0), change: z.literal(0), remove: z.literal(0) }) })
  return schema.parse(JSON.parse(report))
}

async function whyNoRoom(env: NodeJS.ProcessEnv): Promise<object | undefined> {
  const schema = z.object({ id: z.string(), state: z.string(), detail: z.string() })
  const lines = (await graupel(['doctor', '--no-smoke', '--json'], env)).trim().split('\n')
  const findings = lines.map((line) => schema.parse(JSON.parse(line)))
  const narrow = findings.find(({ id, state }) => id.startsWith('quota:') && state !== 'ok')
  return narrow === undefined ? undefined : { skipped: narrow.detail }
}

async function runExamples(env: NodeJS.ProcessEnv, folder: string): Promise<readonly string[]> {
  const notPrograms = ['example-arguments.ts']
  const names = (await readdir('examples')).filter((name) => name.endsWith('.ts') && !notPrograms.includes(name))
  for (const name of names)
    await runCommand(
      process.execPath,
      [`examples/${name}`, '--backend', 'service', '--output', join(folder, name)],
      env,
    )
  return names
}

async function withBackend<T>(env: NodeJS.ProcessEnv, use: (backend: ServiceBackend) => Promise<T>): Promise<T> {
  await using backend = new ServiceBackend({}, env)
  return await use(backend)
}

function costOf(lines: string): object {
  const costs = lines
    .trim()
    .split('\n')
    .map((line) => z.object({ cost: z.number() }).parse(JSON.parse(line)).cost)
  return { toldUsd: costs.reduce((sum, cost) => sum + cost, 0), estimatedUsd: total }
}
