import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Counters } from '@graupel/functions/emulator/counting-ports'
import { startEmulatedService } from '@graupel/functions/emulator/emulated-service'
import { Batch, type RunningJob, ServiceBackend } from 'graupel'

/**
 * How long it takes from `cancel()` of a running job to its end, where it fills its worker:
 * `node test/bench/cancel.ts --rounds 5 --kind function`. Needs Java and the emulators. The job dies at once when it is told.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    kind: { type: 'string', default: 'function' },
    lanes: { type: 'string', default: '4' },
    'keep-logs': { type: 'boolean', default: false },
  },
})

process.env.METADATA_SERVER_DETECTION ??= 'none'
const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
const counters = new Counters()
const service = await startEmulatedService({
  env: process.env,
  folder,
  workerProgram: fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url)),
  lanes: Number(values.lanes),
  workers: 1,
  coresPerWorker: 1,
  counters,
})
try {
  for (let round = 1; round <= Number(values.rounds); round++) await measure(round)
  for (const [name, total] of Object.entries(counters.totals()).sort())
    console.log(`${String(total).padStart(6)} ${name}`)
} finally {
  await service.close()
  if (values['keep-logs']) console.log(`logs: ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}

async function measure(round: number): Promise<void> {
  await using backend = new ServiceBackend({}, { ...process.env, ...service.variables })
  const batch = new Batch({ backend, name: `cancel ${round}`, defaultMemory: '128Mi' })
  const job = values.kind === 'function' ? batch.newFunctionJob() : batch.newJob()
  if ('call' in job) job.call(stay)
  else job.command`echo staying; exec sleep 600`
  const run = await batch.run({ wait: false, progress: false })
  await untilPrinted(run.job(job))
  // The worker settles: it has asked for more, and waits.
  await sleep(2000 + 500 * round)
  const begun = performance.now()
  await run.job(job).cancel()
  const toldMs = performance.now() - begun
  await run.wait({ throwOnFailure: false })
  console.log(
    `round ${round}: cancelled after ${toldMs.toFixed(0)} ms, ended after ${(performance.now() - begun).toFixed(0)} ms`,
  )
}

async function stay(): Promise<void> {
  console.log('staying')
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

async function untilPrinted(job: RunningJob): Promise<void> {
  for await (const _ of job.log({ follow: true })) return
}
