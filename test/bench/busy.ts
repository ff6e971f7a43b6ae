import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmulatedService } from '@graupel/functions/emulator/emulated-service'
import { Batch, type JobStatus, ServiceBackend } from 'graupel'

/**
 * How busy short jobs keep the cores of one worker of an emulated service:
 * `node test/bench/busy.ts --jobs 5000 --ms 50 --cores 2 --rounds 1`. A job is one core for so many ms; a core is busy from
 * the start of a job's commands to their end. Needs Java and the emulators, which share the machine's cores with the worker,
 * so jobs sleep instead of computing. The first round includes the launch of the worker.
 */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '5000' },
    ms: { type: 'string', default: '50' },
    cores: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    'keep-logs': { type: 'boolean', default: false },
  },
})
const [jobs, ms, cores] = [Number(values.jobs), Number(values.ms), Number(values.cores)]

process.env.METADATA_SERVER_DETECTION ??= 'none'
const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
const service = await startEmulatedService({
  env: process.env,
  folder,
  workerProgram: fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url)),
  workers: 1,
  coresPerWorker: cores,
})
try {
  for (let round = 1; round <= Number(values.rounds); round++) await measure(round)
} finally {
  await service.close()
  if (values['keep-logs']) console.log(`logs: ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}

async function measure(round: number): Promise<void> {
  await using backend = new ServiceBackend({}, { ...process.env, ...service.variables })
  const batch = new Batch({ backend, name: `busy ${round}`, defaultMemory: '128Mi' })
  for (let job = 0; job < jobs; job++) batch.newJob().command(`sleep ${ms / 1000}`)
  const run = await batch.run({ progress: false })
  report(round, await Array.fromAsync(run.jobs()))
}

function report(round: number, statuses: readonly JobStatus[]): void {
  const times = statuses.flatMap(({ startedAt, endedAt }) =>
    startedAt === undefined || endedAt === undefined ? [] : [[startedAt.getTime(), endedAt.getTime()] as const],
  )
  const begin = Math.min(...times.map(([start]) => start))
  const end = Math.max(...times.map(([, stop]) => stop))
  const held = times.reduce((sum, [start, stop]) => sum + stop - start, 0)
  const share = (part: number) => `${((100 * part) / ((end - begin) * cores)).toFixed(1)} %`
  console.log(
    `round ${round}: ${times.length} jobs of ${ms} ms in ${((end - begin) / 1000).toFixed(1)} s on ${cores} cores; ` +
      `with commands ${share(held)} of the time, with the ${ms} ms alone ${share(times.length * ms)}`,
  )
}
