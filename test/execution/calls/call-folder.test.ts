import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainEnd, makeCallFolder } from '../../../client/src/execution/calls/call-folder.ts'
import type { CallsTask, CommandEnd } from '../../../client/src/execution/sandbox/sandbox.ts'

let folder: string
let end: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-call-folder-'))
  end = join(folder, 'end.json')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const failed: CommandEnd = { kind: 'exited', exitCode: 1 }
const task: CallsTask = { kind: 'functions', calls: [] }
const explain = (of: CommandEnd = failed) => explainEnd(of, folder, task, 'the image worker:1')
const said = JSON.stringify({ kind: 'failed', message: 'Error: x' })

describe('the end of calls', () => {
  it('gets the message that the runner has left', async () => {
    await writeFile(end, said)
    expect(await explain()).toEqual({ ...failed, message: 'Error: x' })
  })

  it('has none where the runner did not decide on it', async () => {
    await writeFile(end, said)
    for (const other of [{ kind: 'killed' }, { kind: 'outOfMemory', exitCode: 137 }] as const)
      expect(await explain(other)).toEqual(other)
    expect(await explain({ kind: 'exited', exitCode: 0 })).toEqual({ kind: 'exited', exitCode: 0 })
  })

  it('names what has too old a language', async () => {
    await writeFile(end, JSON.stringify({ kind: 'outdated', version: '18.20.4' }))
    await expect(explain()).rejects.toMatchObject({
      faultCause: 'image',
      message:
        "The job's functions need Node 22 or newer, but the image worker:1 has 18.20.4; choose another image, for example node:24-slim.",
    })
  })

  it('is not explained by anything but a small file of the expected form', async () => {
    expect(await explain(), 'nothing').toEqual(failed)
    await writeFile(end, 'no JSON')
    expect(await explain(), 'no JSON').toEqual(failed)
    await writeFile(end, JSON.stringify({ kind: 'other' }))
    expect(await explain(), 'another form').toEqual(failed)
    await truncate(end, 2 ** 30)
    expect(await explain(), 'a large file').toEqual(failed)
    await rm(end)
    await writeFile(join(folder, 'secret'), said)
    await symlink(join(folder, 'secret'), end)
    expect(await explain(), 'a link').toEqual(failed)
    await rm(end)
    execFileSync('mkfifo', [end])
    expect(await explain(), 'a pipe that nobody writes into').toEqual(failed)
  })
})

describe('the program that calls functions', () => {
  const roomOf = (memoryBytes: number) => ({ root: '/io/batch/b', memoryBytes, env: {} })
  const start = (kind: CallsTask['kind'], memoryBytes: number) =>
    makeCallFolder({ host: folder, inner: '/io/calls' }, { kind, calls: [] }, roomOf(memoryBytes))

  it('may use as much memory as its job has', async () => {
    expect(await start('functions', 2 ** 34)).toEqual([
      'node',
      '--max-old-space-size=16384',
      '/io/calls/call-runner.cjs',
      '/io/calls/request.json',
    ])
    expect(await start('functions', 2 ** 30)).not.toContain('--max-old-space-size=1024')
  })

  it('of Python needs no option for that', async () => {
    expect((await start('python', 2 ** 34)).join(' ')).not.toContain('max-old-space')
  })
})
