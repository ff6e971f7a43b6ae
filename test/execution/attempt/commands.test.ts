import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import { killProcessesOf } from 'graupel/execution'
import { objectPaths } from 'graupel/model'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AttemptBed, root } from '../attempt-bed.ts'
import { isRunning } from '../is-running.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
  await bed.close()
})

/** The path of a file that a job makes outside its folder, to be seen while it runs. */
const mark = (name: string) => join(bed.scratch, name)

describe('the commands of a job', () => {
  it('succeed with exit code 0', async () => {
    expect(await bed.run({ script: 'true' })).toMatchObject({ cause: 'success', exitCode: 0 })
  })

  it('run in one shell that ends at the first command that fails', async () => {
    const end = await bed.run({ script: 'cd /usr; X=1\necho $PWD $X\nfalse\necho too late' })
    expect(end).toMatchObject({ cause: 'failed', exitCode: 1 })
    expect(await bed.log()).toBe('/usr 1\n')
  })

  it('fail with the exit code that they give', async () => {
    expect(await bed.run({ script: 'exit 75' })).toMatchObject({ cause: 'failed', exitCode: 75 })
  })

  it('fail with 128 and the signal that ended them', async () => {
    expect(await bed.run({ script: 'kill -SEGV $$' })).toMatchObject({ cause: 'failed', exitCode: 139 })
  })

  it('see their variables exactly as they were given', async () => {
    const value = `b c  "d" 'e' $HOME \`f\` \\ \n ü 🧊`
    await bed.run({ script: 'printf %s "$A"', template: { env: { A: value } } })
    expect(await bed.log()).toBe(value)
  })

  it('see where they run, what they are, and little of the machine', async () => {
    await bed.run({ script: '[ "$PWD" = "$BATCH_TMPDIR" ]; env | cut -d= -f1 | sort', job: 7, attempt: 2 })
    const names = (await bed.log(7, 2)).split('\n')
    expect(names).toEqual(expect.arrayContaining(['BATCH_TMPDIR', 'GRAUPEL_JOB_ID', 'PATH']))
    expect(names).not.toContain('VITEST')
  })

  it('may be longer than an argument may be', async () => {
    const end = await bed.run({ script: `: ${'x'.repeat(300_000)}\necho end` })
    expect(end.cause).toBe('success')
    expect(await bed.log()).toBe('end\n')
  })

  it('get no input', async () => {
    expect(await bed.run({ script: 'read line || echo none' })).toMatchObject({ cause: 'success' })
    expect(await bed.log()).toBe('none\n')
  })

  it('name a shell that does not exist', async () => {
    const end = await bed.run({ script: 'true', shell: '/bin/no-such-shell' })
    expect(end.cause).toBe('shell')
    expect(end.message).toContain('/bin/no-such-shell')
  })

  it('run in the shell that was chosen', async () => {
    await bed.run({ script: 'echo "$BASH_VERSION"none', shell: '/bin/sh' })
    expect(await bed.log()).toBe('none\n')
  })

  it('begin when the start is told, which the end repeats', async () => {
    const starts: number[] = []
    const end = await bed.run({ script: 'true' }, { onStarted: (at) => starts.push(at) })
    expect(starts).toEqual([end.startedAt])
    expect(end.endedAt).toBeGreaterThanOrEqual(end.startedAt ?? Number.NaN)
  })
})

describe('what commands print', () => {
  it('is stored from both outputs in the order in which it came', async () => {
    await bed.run({ script: 'for i in 1 2 3; do echo out $i; echo err $i >&2; done; echo named > /dev/stderr' })
    expect(await bed.log()).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\nnamed\n')
  })

  it('makes no object if it is nothing', async () => {
    await bed.run({ script: 'true' })
    expect(await bed.uris(root)).toEqual([])
  })

  it('is stored while they run', async () => {
    const release = mark('release')
    const script = `echo first; while [ ! -e ${release} ]; do sleep 0.01; done; echo last`
    const ended = bed.run({ script }, { flushMs: 5 })
    await vi.waitFor(async () => expect(await bed.log()).toBe('first\n'), { timeout: 10_000, interval: 10 })
    await bed.run({ script: `touch ${release}`, job: 2 })
    expect((await ended).cause).toBe('success')
    expect(await bed.log()).toBe('first\nlast\n')
  })

  it('keeps its bytes, in pieces of 8 MiB at most', async () => {
    await bed.run({ script: 'head -c 20000000 /dev/zero; printf "\\377\\000\\200"' })
    const uris = await bed.uris(`${objectPaths.log(root, 1, 1)}/`)
    expect(uris.map((uri) => uri.slice(-6)).slice(0, 2)).toEqual(['000000', '000001'])
    const pieces = await Array.fromAsync((await findLog(bed.objects, { root, job: 1, attempt: 1 })).chunks())
    const all = Buffer.concat(pieces)
    expect(Math.max(...pieces.map((piece) => piece.byteLength))).toBeLessThanOrEqual(8 * 2 ** 20)
    expect(all.byteLength).toBe(20_000_003)
    expect([...all.subarray(-3)]).toEqual([0xff, 0, 0x80])
  })

  it('does not make the attempt fail when it cannot be stored', async () => {
    const write = bed.objects.write.bind(bed.objects)
    bed.objects.write = async (uri, ...rest) => {
      if (uri.startsWith(`${root}/logs/`)) throw new Error('no log today')
      return write(uri, ...rest)
    }
    expect((await bed.run({ script: 'echo lost' })).cause).toBe('success')
  })
})

describe('commands that do not end', () => {
  it('are ended at their time limit, also when they ignore SIGTERM', async () => {
    const script = `trap '' TERM; (trap '' TERM; while :; do sleep 0.05; done) & while :; do sleep 0.05; done`
    const end = await bed.run({ script, template: { timeoutMs: 200 } }, { graceMs: 100 })
    expect(end).toMatchObject({ cause: 'timeout', message: expect.stringContaining('0.2 s') })
    expect(end.exitCode).toBeUndefined()
  })

  it('get SIGTERM first, so that they can clean up', async () => {
    const script = `trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done`
    const ended = bed.run({ script }, { flushMs: 5 })
    await vi.waitFor(async () => expect(await bed.log()).toBe('ready\n'), { timeout: 10_000, interval: 10 })
    bed.abort('stopped')
    expect(await ended).toMatchObject({ cause: 'stopped' })
    expect(await bed.log()).toMatch(/^ready\n(.*\n)?cleaned\n$/)
  })

  it.each([
    ['stopped', 'stopped'],
    ['preempted', 'preempted'],
    ['lost', 'infrastructure'],
  ] as const)('end with the reason for which they are %s', async (kind, cause) => {
    const ended = bed.run({ script: `touch ${mark('runs')}; sleep 1000` })
    await vi.waitFor(() => expect(existsSync(mark('runs'))).toBe(true), { timeout: 10_000, interval: 10 })
    bed.abort(kind)
    expect((await ended).cause).toBe(cause)
  })

  it('leave no child behind when the shell ends first', async () => {
    const script = `(while :; do sleep 0.05; done) & echo $! > ${mark('pid')}`
    expect((await bed.run({ script })).cause).toBe('success')
    const pid = (await readFile(mark('pid'), 'utf8')).trim()
    expect(await isRunning(pid)).toBe(false)
  })

  it('leave no daemon behind that has left the process group', async () => {
    const script = `setsid -f sh -c 'echo $$ > ${mark('pid')}; exec sleep 1000' < /dev/null > /dev/null 2>&1
      while [ ! -s ${mark('pid')} ]; do sleep 0.01; done`
    expect((await bed.run({ script })).cause).toBe('success')
    const pid = (await readFile(mark('pid'), 'utf8')).trim()
    expect(await isRunning(pid)).toBe(false)
  })

  it('are not begun when the attempt is over before', async () => {
    bed.abort('stopped')
    const end = await bed.run({ script: `touch ${mark('began')}` })
    expect(end).toMatchObject({ cause: 'stopped' })
    expect(existsSync(mark('began'))).toBe(false)
  })
})

describe('processes that an agent has left', () => {
  it('are found by their mark, wherever they are', async () => {
    const agent = `earlier-${crypto.randomUUID()}`
    const env = { PATH: '/usr/bin:/bin', GRAUPEL_PROCESS_MARK: `${agent}:batch-1-1` }
    const left = spawn('sleep', ['1000'], { env, stdio: 'ignore', detached: true })
    const ended = once(left, 'exit')
    expect(await killProcessesOf(`${agent}x`)).toBe(0)
    expect(await killProcessesOf(agent)).toBe(1)
    expect(await ended).toEqual([null, 'SIGKILL'])
  })
})

describe('a signal that nobody here has sent', () => {
  it('is explained by a notice that follows', async () => {
    const ended = bed.run({ script: 'kill -TERM $$' }, { explainMs: 60_000 })
    await vi.waitFor(async () => expect(await killProcessesOf(bed.agent)).toBe(0))
    setTimeout(() => bed.abort('preempted'), 50)
    expect((await ended).cause).toBe('preempted')
  })

  it('is waited for with nothing that others could use', async () => {
    const given = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    const hooks = { onCommandsEnded: () => given.resolve(), enter: async () => () => left.resolve() }
    const ended = bed.run({ script: 'kill -TERM $$' }, { explainMs: 600_000, ...hooks })
    await Promise.all([given.promise, left.promise])
    bed.abort('preempted')
    expect((await ended).cause).toBe('preempted')
  })

  it('is the fault of the commands if no notice comes', async () => {
    expect(await bed.run({ script: 'kill -TERM $$' }, { explainMs: 10 })).toMatchObject({
      cause: 'failed',
      exitCode: 143,
    })
  })
})
