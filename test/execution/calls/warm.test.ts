import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killProcessesOf } from 'graupel/execution'
import { batchId } from 'graupel/model'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assignmentOf } from '../attempt-bed.ts'
import { isRunning } from '../is-running.ts'
import { CallBed, type FunctionName } from './call-bed.ts'

let bed: CallBed
let job: number

beforeEach(async () => {
  bed = await CallBed.make()
  job = 0
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  await bed.close()
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
})

/** The process that a job runs in. */
async function runnerOf(env: Record<string, string> = {}): Promise<number> {
  job++
  return Number(Object(await bed.ask('where', [], { job, template: { env } })).pid)
}

async function call(fn: FunctionName, ...args: unknown[]) {
  job++
  return bed.call({ job, calls: [{ fn, args }] }, { graceMs: 200, flushMs: 10 })
}

const printed = (text: string) =>
  vi.waitFor(async () => expect(await bed.log(job)).toContain(text), { timeout: 30_000, interval: 20 })

describe('a runner', () => {
  it('serves one job after the other', async () => {
    expect(new Set([await runnerOf(), await runnerOf(), await runnerOf()]).size).toBe(1)
  })

  it('serves also after a call that failed and left nothing', async () => {
    const first = await runnerOf()
    for (const fn of ['fail', 'rejectLater', 'throwText'] as const) expect((await call(fn)).cause).toBe('failed')
    expect(await runnerOf()).toBe(first)
  })

  it('serves also after calls that print, wait and start processes which end', async () => {
    const first = await runnerOf()
    for (const [fn, ...args] of [
      ['printEverywhere'],
      ['later', 1],
      ['printAmongChildren', 'x'],
      ['print', 'x', 3],
    ] as const)
      expect((await call(fn, ...args)).cause).toBe('success')
    expect(await runnerOf()).toBe(first)
  })

  it('shows the next job nothing of what the last did to its environment and folder', async () => {
    const first = await runnerOf()
    await call('leaveEnvironment')
    job++
    const found = await bed.ask('where', [], { job })
    expect(found).toMatchObject({ pid: first, job: `${job}` })
    expect(Object(found).cwd).toBe(Object(found).tmp)
    expect(Object(found).names).not.toContain('LEFT')
  })

  for (const fn of [
    'leaveTimer',
    'leaveSilentTimer',
    'leaveListener',
    'leaveGlobal',
    'changeGlobal',
    'changeRandom',
    'leavePrototype',
    'leaveOrphan',
    'throwInTimer',
    'setUpExit',
    'leaveUmask',
    'endOutput',
    'keepSocketOpen',
  ] as const) {
    it(`is not used again after ${fn}`, async () => {
      const first = await runnerOf()
      await call(fn)
      expect(await runnerOf()).not.toBe(first)
    })
  }

  it('is one of its batch, and of jobs with the same variables', async () => {
    const first = await runnerOf()
    expect(await runnerOf({ COLOR: 'red' })).not.toBe(first)
    const planned = await bed.jobOf({ job: 9, calls: [{ fn: 'where', results: { json: 'job/json' } }] })
    const assignment = { ...assignmentOf(planned), batch: batchId('otherbatch') }
    expect((await bed.runAssignment(assignment)).cause).toBe('success')
    expect(JSON.parse(await bed.text('gs://b/9/json')).pid).not.toBe(first)
    expect(await runnerOf()).toBe(first)
  })

  it('that dies while it waits costs no job an attempt', async () => {
    const first = await runnerOf()
    process.kill(first, 'SIGKILL')
    expect(await runnerOf()).not.toBe(first)
  })

  it('is there for each of several jobs at once, and their outputs stay apart', async () => {
    const numbers = [1, 2, 3, 4]
    const ends = numbers.map((number) =>
      bed.call({ job: number, calls: [{ fn: 'print', args: [`of ${number}`, 20_000] }] }),
    )
    for (const end of await Promise.all(ends)) expect(end.cause).toBe('success')
    for (const number of numbers) {
      const lines = (await bed.log(number)).trimEnd().split('\n')
      expect(lines.length).toBe(20_000)
      expect(lines.every((line, index) => line === `${index} of ${number}`)).toBe(true)
    }
  })

  it('leaves no process of its calls behind', async () => {
    const path = join(bed.scratch, 'pid')
    await call('leaveChild', path)
    job++
    const orphan = await bed.ask('leaveOrphan', [], { job })
    const pids = [existsSync(path) ? (await readFile(path, 'utf8')).trim() : '', String(orphan)]
    for (const pid of pids) if (pid !== '') expect(await isRunning(pid)).toBe(false)
  })
})

describe('calls that are stopped', () => {
  it('may clean up', async () => {
    const ended = call('waitForTerm')
    await printed('ready')
    bed.abort('stopped')
    expect((await ended).cause).toBe('stopped')
    expect(await bed.log(job)).toBe('ready\ncleaned\n')
  })

  it('are killed when they do not end by themselves', async () => {
    const ended = call('ignoreTerm')
    await printed('ready')
    bed.abort('stopped')
    expect((await ended).cause).toBe('stopped')
  })

  it('are killed when they let nobody else do anything', async () => {
    const ended = call('spin')
    await printed('spinning')
    bed.abort('lost')
    expect((await ended).cause).toBe('infrastructure')
  })

  it('at their time limit end as such', async () => {
    const end = await bed.call({ template: { timeoutMs: 300 }, calls: [{ fn: 'ignoreTerm' }] }, { graceMs: 50 })
    expect(end.cause).toBe('timeout')
  })

  it('end with the sandbox that is killed, as those do that wait for work', async () => {
    const waiting = await runnerOf()
    const ended = Promise.all([call('ignoreTerm'), call('ignoreTerm')])
    await printed('ready')
    bed.sandbox.killNow()
    for (const end of await ended) expect(end).toMatchObject({ cause: 'failed', exitCode: 137 })
    expect(await isRunning(String(waiting))).toBe(false)
  })
})

it('a sandbox that is closed ends the runners that wait', async () => {
  const waiting = await runnerOf()
  await bed.sandbox.close()
  expect(await isRunning(String(waiting))).toBe(false)
})
