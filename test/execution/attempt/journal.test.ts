import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findLog, type LogStep, readUsage } from 'graupel/engine'
import { killProcessesOf, systemClock, UsageSampler, WorkerLogs } from 'graupel/execution'
import { fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AttemptBed, output, root } from '../attempt-bed.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
  await bed.close()
})

const place = (job = 1) => ({ root, job, attempt: 1 })

async function read(step: LogStep, job = 1): Promise<string> {
  const { chunks } = await findLog(bed.objects, place(job), step)
  return Buffer.concat(await Array.fromAsync(chunks())).toString()
}

const missing = { kind: 'object', uri: 'gs://bucket/missing', path: 'inputs/missing' } as const

describe('staging that fails', () => {
  it('says why in the place of what the commands would have printed', async () => {
    await bed.run({ script: 'echo never', detail: { inputs: [missing] } })
    expect(await bed.log()).toBe('The input gs://bucket/missing does not exist.\n')
    expect(await read('main')).toBe('')
    expect(await read('input')).toMatch(/Z The input gs:\/\/bucket\/missing does not exist\.\n$/)
    expect(await read('output')).toBe('')
  })

  it('does not hide what the commands have printed', async () => {
    await bed.run({ script: 'echo said', detail: { outputs: [output('out')] } })
    expect(await bed.log()).toBe('said\n')
    expect(await read('output')).toContain("'out'")
  })
})

describe('the steps of a job that takes a while', () => {
  it('tell what was fetched and stored, and how long it took', async () => {
    await writeFile(join(bed.scratch, 'words'), 'words')
    await bed.objects.write('gs://bucket/more', 'more')
    const inputs = [
      { kind: 'object', uri: fileUriOf(join(bed.scratch, 'words')), path: 'inputs/words' } as const,
      { kind: 'object', uri: 'gs://bucket/more', path: 'inputs/more' } as const,
    ]
    const outputs = [output('out', 'gs://bucket/copy')]
    await bed.run({ script: 'sleep 1; echo made > job/out', detail: { inputs, outputs } })
    expect(await read('input')).toMatch(/Z Fetching gs:\/\/bucket\/more: \d+\.\d{3} s\n/)
    expect(await read('input')).toContain('words')
    expect(await read('output')).toMatch(/Z Storing the output 'job\/out': 5 bytes in \d+\.\d{3} s\n/)
    expect(await read('output')).toContain('Copying to gs://bucket/copy')
    expect(await bed.log()).toBe('')
  })

  it('are not worth an object if the job was quick', async () => {
    await bed.objects.write('gs://bucket/more', 'more')
    const inputs = [{ kind: 'object', uri: 'gs://bucket/more', path: 'inputs/more' } as const]
    await bed.run({ script: 'true', detail: { inputs } }, { clock: { ...systemClock, now: () => 0 } })
    expect(await bed.uris(`${root}/logs/`)).toEqual([])
  })
})

it('attempts that share objects each find their own log again', async () => {
  const logs = new WorkerLogs({ objects: bed.objects, clock: systemClock })
  const jobs = [1, 2, 3, 4, 5, 6]
  await Promise.all(jobs.map((job) => bed.run({ job, script: `echo job ${job}` }, { logs })))
  expect(await Promise.all(jobs.map((job) => bed.log(job)))).toEqual(jobs.map((job) => `job ${job}\n`))
})

it('an attempt whose lease is lost stores nothing more', async () => {
  const runs = join(bed.scratch, 'runs')
  const ended = bed.run({ script: `echo said; touch ${runs}; sleep 1000` }, { flushMs: 600_000 })
  await vi.waitFor(() => expect(existsSync(runs)).toBe(true), { timeout: 10_000 })
  bed.abort('lost')
  await ended
  expect(await bed.uris(root)).toEqual([])
})

describe('what the commands use', () => {
  it('is stored with what they print', async () => {
    const usage = new UsageSampler(systemClock)
    const release = join(bed.scratch, 'release')
    const script = `head -c 3000000 /dev/zero > file; echo x; until [ -e ${release} ]; do :; done`
    const ended = bed.run({ script }, { usage, flushMs: 600_000, firstUsageMs: 1 })
    await vi.waitFor(async () => expect(await readUsage(bed.objects, place())).not.toEqual([]), { timeout: 30_000 })
    await writeFile(release, '')
    await ended
    await usage.close()
    const [sample] = await readUsage(bed.objects, place())
    expect(sample?.cpu).toBeGreaterThan(0.01)
    expect(sample?.memoryBytes).toBeGreaterThan(100_000)
    expect(sample?.storageBytes).toBeGreaterThanOrEqual(3_000_000)
    expect(await bed.log()).toBe('x\n')
  })
})
