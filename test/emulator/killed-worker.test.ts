import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServiceBackend } from 'graupel'
import { afterAll, describe, expect, test } from 'vitest'
import { quiet, useBench } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const workerProgram = fileURLToPath(new URL('fixtures/dies-at.ts', import.meta.url))

interface Kill {
  readonly step: string
  /** How often the commands were run in all. */
  readonly runs: number
  /** Which attempts may be the last. */
  readonly attempts: readonly number[]
}

/** At each step of its first attempt; the job must succeed all the same, with the files of one attempt only. */
const kills: readonly Kill[] = [
  { step: 'before the lease', runs: 1, attempts: [1] },
  { step: 'after the lease', runs: 1, attempts: [2] },
  { step: 'before fetching an input', runs: 1, attempts: [2] },
  { step: 'after fetching an input', runs: 1, attempts: [2] },
  { step: 'while the commands run', runs: 2, attempts: [2] },
  { step: 'before storing an output', runs: 2, attempts: [2] },
  { step: 'after storing an output', runs: 2, attempts: [2] },
  { step: 'before writing the manifest', runs: 2, attempts: [2] },
  // From here on the work is done: another attempt finds it, and runs nothing.
  { step: 'after writing the manifest', runs: 1, attempts: [2] },
  { step: 'before copying to the destination', runs: 1, attempts: [2] },
  { step: 'after copying to the destination', runs: 1, attempts: [2] },
  { step: 'before telling the end', runs: 1, attempts: [2] },
  // The end is on its way, and so is the news of the lost machine.
  { step: 'after telling the end', runs: 1, attempts: [1, 2] },
]

describe.skipIf(emulatorsMissing)(`a worker killed${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'graupel-killed-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const env = { ...process.env, GRAUPEL_TEST_FOLDER: folder, GRAUPEL_EXPLAIN_MS: '0' }
  const service = shareService({ workerProgram, workers: 1, env })
  const bench = useBench({ name: 'ServiceBackend', open: async () => new ServiceBackend({}, service.env()) })

  const readCopy = async (step: string) => {
    const object = encodeURIComponent(`copies/${step}`)
    const host = service.env().STORAGE_EMULATOR_HOST
    return (await fetch(`${host}/storage/v1/b/graupel/o/${object}?alt=media`)).text()
  }

  test.each(kills)('$step does not keep its job from succeeding', async ({ step, runs, attempts }) => {
    writeFileSync(join(folder, `die ${step}`), '')
    const counter = join(folder, `runs ${step}`)
    const mark = join(folder, 'die while the commands run')
    const batch = bench.newBatch()
    const input = batch.readInput(await bench.write(`input ${step}`, 'input '))
    const job = batch.newJob({ name: step, memory: '64Mi', outputs: ['out'] })
    job.command`echo run >> ${counter}; cat ${input} > ${job.out.out}; wc -l < ${counter} >> ${job.out.out}`
    job.command`if test -e ${mark}; then mv ${mark} ${`${mark}d`}; kill -KILL $(cat ${join(folder, 'agent')}); sleep 60; fi`
    batch.writeOutput(job.out.out, bench.path(`out ${step}`))
    batch.writeOutput(job.out.out, `gs://graupel/copies/${step}`)
    const run = await batch.run(quiet)
    const status = await run.job(job).status()
    expect(status.state).toBe('Success')
    expect(attempts).toContain(status.attempt)
    expect(readFileSync(counter, 'utf8')).toBe('run\n'.repeat(runs))
    expect(await bench.read(`out ${step}`)).toBe(`input ${runs}\n`)
    expect(await readCopy(step)).toBe(`input ${runs}\n`)
    expect(existsSync(join(folder, `die ${step}`)), 'the worker was not killed').toBe(false)
    const lost = (await run.job(job).attempts()).slice(0, status.attempt - 1)
    for (const { reason } of lost) expect(reason).toMatch(/^its machine failed it: its worker \S+ was lost$/)
    expect(lost).toHaveLength(status.attempt - 1)
  })
})
