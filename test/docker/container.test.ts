import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { findLog, readUsage } from 'graupel/engine'
import {
  type AttemptOptions,
  ContainerSandbox,
  type ContainerSandboxOptions,
  removeContainersOf,
  runAttempt,
  systemClock,
  UsageSampler,
} from 'graupel/execution'
import { fileUriOf, MemoryObjectStore } from 'graupel/storage'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { assignmentOf, type JobUnderTest, output, root } from '../execution/attempt-bed.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-test-${crypto.randomUUID()}`
const programs = ['sh', 'sleep', 'cat', 'id', 'ls', 'mkdir', 'ln', 'head', 'tail', 'touch', 'chmod']
const shell = '/bin/sh'

const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('a job with an image', () => {
  let scratch: string
  let objects: MemoryObjectStore
  let aborter: AbortController
  const agent = `agent-${crypto.randomUUID()}`

  beforeAll(() => makeImage(image, programs))

  afterAll(() => removeImage(image))

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'graupel-container-'))
    objects = new MemoryObjectStore({ schemes: ['memory', 'gs'] })
    aborter = new AbortController()
  })

  afterEach(async () => {
    expect(await removeContainersOf(docker, agent), 'containers that are left').toBe(0)
    expect(await readdir(join(scratch, 'attempts')).catch(() => []), 'folders that are left').toEqual([])
    await rm(scratch, { recursive: true, force: true })
  })

  const run = (job: JobUnderTest, options: Partial<AttemptOptions & ContainerSandboxOptions> = {}) =>
    runAttempt(assignmentOf({ shell, ...job, template: { image, memoryBytes: 2 ** 26, ...job.template } }), {
      objects,
      sandbox: new ContainerSandbox({
        scratch: join(scratch, 'attempts'),
        objects,
        clock: systemClock,
        agent,
        connect: async () => docker,
        user: `${process.getuid?.()}:${process.getgid?.()}`,
        ...options,
      }),
      signal: aborter.signal,
      clock: systemClock,
      graceMs: 200,
      ...options,
    })

  const log = async () => {
    const { chunks } = await findLog(objects, { root, job: 1, attempt: 1 })
    return Buffer.concat(await Array.fromAsync(chunks())).toString()
  }

  it('runs in a container of it, at the folder that the paths page promises', async () => {
    expect(await run({ script: 'echo $BATCH_TMPDIR; pwd; echo oops >&2' })).toMatchObject({ cause: 'success' })
    expect(await log()).toBe('/io/batch/testbatch\n/io/batch/testbatch\noops\n')
  })

  it('is watched by what the engine counts of it', async () => {
    const usage = new UsageSampler(systemClock)
    const script = 'head -c 3000000 /dev/zero > job/file; while [ ! -e job/release ]; do :; done'
    const ended = run({ script }, { usage, slowestFlushMs: 1 })
    const peak = async () => (await readUsage(objects, { root, job: 1, attempt: 1 })).at(-1)
    await vi.waitFor(async () => expect((await peak())?.cpu).toBeGreaterThan(0.01), { timeout: 60_000 })
    const [folder = ''] = await readdir(join(scratch, 'attempts'))
    await writeFile(join(scratch, 'attempts', folder, 'files/job/release'), '')
    expect((await ended).cause).toBe('success')
    await usage.close()
    expect((await peak())?.memoryBytes).toBeGreaterThan(0)
    expect((await peak())?.storageBytes).toBeGreaterThanOrEqual(3_000_000)
    expect((await peak())?.receivedBytes).toBeGreaterThanOrEqual(0)
  })

  it('needs no program in the image but its shell', async () => {
    const lean = `graupel-lean-${crypto.randomUUID()}`
    await makeImage(lean, ['sh'])
    await writeFile(join(scratch, 'x'), 'content')
    const inputs = [{ kind: 'object' as const, uri: fileUriOf(join(scratch, 'x')), path: 'inputs/1/x' }]
    const links = [{ path: 'inputs/root.x', target: 'inputs/1/x' }]
    const script = 'read line < inputs/root.x || true; echo $line > job/out'
    const end = await run({
      script,
      template: { image: lean },
      detail: { inputs, links, outputs: [output('out', 'gs://b/out')] },
    })
    await removeImage(lean)
    expect(end.cause).toBe('success')
    expect(Buffer.from(await objects.read('gs://b/out')).toString()).toBe('content\n')
  })

  it('ends with the exit code of its commands', async () => {
    expect(await run({ script: 'false\nexit 5' })).toMatchObject({ cause: 'failed', exitCode: 1 })
    expect(await run({ script: 'exit 42' })).toMatchObject({ cause: 'failed', exitCode: 42 })
  })

  it('sees its variables exactly as they were given', async () => {
    const value = `b c "d" 'e' $HOME \n ü`
    await run({ script: 'printf "%s" "$A" > job/a; cat job/a', template: { env: { A: value } } })
    expect(await log()).toBe(value)
  })

  it('is told when it went over its memory', async () => {
    const script = 'tail /dev/zero; echo not here'
    expect(await run({ script, template: { memoryBytes: 2 ** 24 } })).toMatchObject({
      cause: 'outOfMemory',
      exitCode: 137,
    })
  })

  it('is ended at its time limit, also when it ignores SIGTERM', async () => {
    const script = `trap '' TERM; while :; do sleep 0.1; done`
    expect((await run({ script, template: { timeoutMs: 500 } })).cause).toBe('timeout')
  })

  it('is stopped, and may clean up before', async () => {
    const ended = run(
      { script: `trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.05; done` },
      { flushMs: 10, graceMs: 10_000 },
    )
    await vi.waitFor(async () => expect(await log()).toBe('ready\n'), { timeout: 20_000, interval: 20 })
    aborter.abort({ kind: 'stopped' })
    expect((await ended).cause).toBe('stopped')
    expect(await log()).toContain('cleaned\n')
  })

  it('names a shell that is not in the image', async () => {
    expect(await run({ script: 'true', shell: '/bin/bash' })).toMatchObject({
      cause: 'shell',
      message: expect.stringContaining('/bin/bash'),
    })
  })

  it('names an image that does not exist', async () => {
    const end = await run({ script: 'true', template: { image: '127.0.0.1:1/no/such:image' } })
    expect(['image', 'infrastructure']).toContain(end.cause)
    expect(end.message).toContain('127.0.0.1:1/no/such:image')
  })

  it('says what to do when Docker is not there', async () => {
    const end = await run(
      { script: 'true' },
      { connect: async () => new Docker({ socketPath: join(scratch, 'none.sock') }) },
    )
    expect(end).toMatchObject({ cause: 'image', message: expect.stringContaining('docker info') })
  })

  it('makes files that are this user’s, in folders too', async () => {
    const script = 'mkdir -p job/out/a; echo x > job/out/a/b; chmod 700 job/out'
    expect((await run({ script, detail: { outputs: [output('out', 'gs://b/out')] } })).cause).toBe('success')
    expect(await objects.stat('gs://b/out/a/b')).toBeDefined()
  })

  it('cannot make the agent read files of the machine', async () => {
    const secret = join(scratch, 'secret')
    await writeFile(secret, 'secret')
    const end = await run({ script: `ln -s ${secret} job/out`, detail: { outputs: [output('out', 'gs://b/out')] } })
    expect(end).toMatchObject({ cause: 'missingOutput', message: expect.stringContaining('outside') })
    const inner = await run({
      script: 'echo x > x; ln -s $BATCH_TMPDIR/x job/out',
      detail: { outputs: [output('out', 'gs://b/out')] },
    })
    expect(inner.cause).toBe('success')
  })

  it('takes flags of docker run', async () => {
    await mkdir(join(scratch, 'data'))
    const extraRunFlags = ['-v', `${join(scratch, 'data')}:/data`, '--env=B=c d', '--network', 'none']
    expect((await run({ script: 'echo "$B" > /data/b' }, { extraRunFlags })).cause).toBe('success')
    expect(await readFile(join(scratch, 'data/b'), 'utf8')).toBe('c d\n')
  })

  it('sees the key of a service account', async () => {
    const gsaKeyFile = join(scratch, 'key.json')
    await writeFile(gsaKeyFile, '{}')
    expect((await run({ script: 'cat $GOOGLE_APPLICATION_CREDENTIALS' }, { gsaKeyFile })).cause).toBe('success')
    expect(await log()).toBe('{}')
  })

  it('is removed when an agent of the same name starts again', async () => {
    const ended = run({ script: `echo ready; while :; do sleep 1; done` }, { flushMs: 10 })
    await vi.waitFor(async () => expect(await log()).toBe('ready\n'), { timeout: 20_000, interval: 20 })
    expect(await removeContainersOf(docker, agent)).toBe(1)
    expect((await ended).cause).not.toBe('success')
    expect(existsSync(join(scratch, 'attempts'))).toBe(true)
  })
})
