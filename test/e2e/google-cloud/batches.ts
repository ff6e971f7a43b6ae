import { setTimeout as sleep } from 'node:timers/promises'
import { Batch, type JobStatus, type RunningBatch, type ServiceBackend } from 'graupel'
import { machineNameOf, workerId } from 'graupel/model'
import { runCommand } from './run-command.ts'
import type { Limits } from './steps.ts'

/** Seconds from the moment that a job could run until its command began. */
async function waitOf(backend: ServiceBackend, name: string): Promise<number> {
  const batch = new Batch({ backend, name })
  const job = batch.newJob({ name, cpu: 1 })
  job.command`true`
  const { readyAt, startedAt } = await (await batch.run()).job(job).status()
  if (readyAt === undefined || startedAt === undefined) throw new Error(`${name} has no times`)
  return (startedAt.getTime() - readyAt.getTime()) / 1000
}

/** The first waits for a machine, the second finds it. */
export async function measureLatency(backend: ServiceBackend): Promise<object> {
  return { newMachineSeconds: await waitOf(backend, 'cold'), machineThereSeconds: await waitOf(backend, 'warm') }
}

const whoAmI = `
  const headers = { 'Metadata-Flavor': 'Google' }
  const get = async (host, path) => {
    const response = await fetch('http://' + host + '/computeMetadata/v1/instance/service-accounts/default/' + path, { headers })
    if (!response.ok) throw new Error(response.status + ' to ' + path + ': ' + (await response.text()))
    return response.text()
  }
  const host = process.env.GCE_METADATA_HOST
  const { access_token: token } = JSON.parse(await get(host, 'token'))
  const { email } = await (await fetch('https://oauth2.googleapis.com/tokeninfo?access_token=' + token)).json()
  const machine = await get('169.254.169.254', 'email').catch(() => 'out of reach')
  console.log([await get(host, 'email'), email, machine].join(' '))`

/** A job's tokens are those of the account of jobs, as Google sees them, and its machine's are out of its reach. */
export async function askWhoJobsAre(backend: ServiceBackend, { project, prefix }: Limits): Promise<object> {
  const batch = new Batch({ backend, name: 'identity' })
  const job = batch.newJob({ name: 'identity', cpu: 1 })
  job.command`node --input-type=module -e ${whoAmI}`
  const log = await (await batch.run()).job(job).log()
  const account = `${prefix}-job@${project}.iam.gserviceaccount.com`
  if (log !== `${account} ${account} out of reach\n`) throw new Error(`jobs should be ${account}, and are: ${log}`)
  return { account }
}

/** A job whose machine Google takes away succeeds elsewhere. */
export async function survivePreemption(backend: ServiceBackend, { project }: Limits): Promise<object> {
  const batch = new Batch({ backend, name: 'preemption' })
  const job = batch.newJob({ name: 'long', cpu: 1 })
  job.command`sleep 120`
  const run = await batch.run({ wait: false })
  const { worker = '' } = await untilRunning(run, 1)
  const machine = machineNameOf(workerId(worker))
  const inProject = ['--project', project]
  const find = ['compute', 'instances', 'list', `--filter=name=${machine}`, '--format=value(zone)', ...inProject]
  const zone = (await runCommand('gcloud', find, process.env)).trim()
  await runCommand(
    'gcloud',
    ['compute', 'instances', 'simulate-maintenance-event', machine, '--zone', zone, ...inProject],
    process.env,
  )
  await run.wait()
  const { attempt } = await run.job(job).status()
  if (attempt < 2) throw new Error(`the job of ${worker} was not preempted: it ended at attempt ${attempt}`)
  return { attempt }
}

/** One job per machine, all at once: how long until the last one has begun. Who names a machine type gets one of its own. */
export async function fillMachines(backend: ServiceBackend, { machines, cores }: Limits): Promise<object> {
  const batch = new Batch({ backend, name: `${machines} machines` })
  for (let i = 0; i < machines; i++) batch.newJob({ machineType: `n2d-standard-${cores}` }).command`sleep 60`
  const run = await batch.run()
  const workers = new Set<string>()
  const waits: number[] = []
  for await (const { worker, readyAt, startedAt } of run.jobs({})) {
    if (worker !== undefined) workers.add(worker)
    if (readyAt !== undefined && startedAt !== undefined) waits.push((startedAt.getTime() - readyAt.getTime()) / 1000)
  }
  if (workers.size < machines) throw new Error(`${machines} jobs ran on ${workers.size} machines`)
  waits.sort((left, right) => left - right)
  return { workers: workers.size, medianSeconds: waits[Math.floor(waits.length / 2)], longestSeconds: waits.at(-1) }
}

const pauseMs = 2_000
const longestMs = 15 * 60_000

async function untilRunning(run: RunningBatch, job: number): Promise<JobStatus> {
  for (let waitedMs = 0; waitedMs < longestMs; waitedMs += pauseMs) {
    const status = await run.job(job).status()
    if (status.state === 'Running' && status.worker !== undefined) return status
    await sleep(pauseMs)
  }
  throw new Error(`job ${job} did not run within ${longestMs / 60_000} minutes`)
}
