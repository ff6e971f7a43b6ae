import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Counters } from '@graupel/functions/emulator/counting-ports'
import { type EmulatedService, startEmulatedService } from '@graupel/functions/emulator/emulated-service'
import { Batch, ServiceBackend } from 'graupel'
import { GcsObjectStore } from 'graupel/storage'

/**
 * Jobs per second of independent jobs that do nothing, on an emulated service of its own, and what each job costs there:
 * `node test/bench/service.ts --jobs 2000 --workers 2 --rounds 1 --script true`. Needs Java and the emulators. The first
 * round includes the launch of the workers; later rounds find them waiting. Clients' own reads are not counted. Objects
 * are those that are left when the run has ended.
 */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    script: { type: 'string', default: 'true' },
    'keep-logs': { type: 'boolean', default: false },
  },
})
const jobs = Number(values.jobs)

process.env.METADATA_SERVER_DETECTION ??= 'none'
const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
const counters = new Counters()
const service = await startEmulatedService({
  env: process.env,
  folder,
  workerProgram: fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url)),
  workers: Number(values.workers),
  counters,
})
try {
  for (let round = 1; round <= Number(values.rounds); round++) await measure(service, round)
} finally {
  await service.close()
  if (values['keep-logs']) console.log(`logs: ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}

async function measure({ variables }: EmulatedService, round: number): Promise<void> {
  const before = counters.totals()
  await using backend = new ServiceBackend({}, { ...process.env, ...variables })
  const batch = new Batch({ backend, name: `bench ${round}`, defaultCpu: 0.25, defaultMemory: '128Mi' })
  for (let i = 0; i < jobs; i++) batch.newJob().command(values.script)
  const begun = performance.now()
  const run = await batch.run({ wait: false, progress: false })
  const submittedMs = performance.now() - begun
  await run.wait()
  const seconds = (performance.now() - begun) / 1000
  console.log(
    `round ${round}: ${jobs} jobs in ${seconds.toFixed(2)} s (submitted in ${submittedMs.toFixed(0)} ms), ` +
      `${(jobs / seconds).toFixed(1)} jobs/s; per job:`,
  )
  const perJob = (total: number) => (total / jobs).toFixed(3).padStart(9)
  for (const [name, total] of Object.entries(counters.totals()).sort())
    console.log(`${perJob(total - (before[name] ?? 0))} ${name}`)
  const { objects, bytes } = await countObjects(variables, run.id)
  console.log(`${perJob(objects)} objects\n${perJob(bytes)} bytes in objects`)
}

/** What the batch has left in its bucket. */
async function countObjects(variables: EmulatedService['variables'], id: string) {
  const store = new GcsObjectStore({ project: variables.GRAUPEL_PROJECT, apiEndpoint: variables.STORAGE_EMULATOR_HOST })
  let objects = 0
  let bytes = 0
  for await (const { sizeBytes } of store.list(`${variables.GRAUPEL_REMOTE_TMPDIR}/${id}/`)) {
    objects += 1
    bytes += sizeBytes
  }
  return { objects, bytes }
}
