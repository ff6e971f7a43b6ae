import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import { readUsage } from 'graupel/engine'
import { removeContainersOf, systemClock, UsageSampler } from 'graupel/execution'
import { fileUriOf } from 'graupel/storage'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { output, root } from '../execution/attempt-bed.ts'
import { ContainerBed } from './container-bed.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-test-${crypto.randomUUID()}`
const programs = ['sh', 'sleep', 'cat', 'id', 'ls', 'mkdir', 'ln', 'head', 'tail', 'touch', 'chmod']

const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('a job with an image', () => {
  let bed: ContainerBed
  const run: ContainerBed['run'] = (job, options) => bed.run(job, options)
  const log = () => bed.log()

  beforeAll(() => makeImage(image, programs))

  afterAll(() => removeImage(image))

  beforeEach(async () => {
    bed = await ContainerBed.make({ image })
  })

  afterEach(() => bed.close())

  it('runs in a container of it, at the folder that the paths page promises', async () => {
    expect(await run({ script: 'echo $BATCH_TMPDIR; pwd; echo oops >&2' })).toMatchObject({ cause: 'success' })
    expect(await log()).toBe('/io/batch/testbatch\n/io/batch/testbatch\noops\n')
  })

  it('is watched by what the engine counts of it', async () => {
    const usage = new UsageSampler(systemClock)
    const script =
      'head -c 3000000 /dev/zero > job/file; head -c 2000000 /dev/zero > /tmp/x; while [ ! -e job/release ]; do :; done'
    const ended = run({ script }, { usage, firstUsageMs: 1 })
    const peak = async () => (await readUsage(bed.objects, { root, job: 1, attempt: 1 })).at(-1)
    await vi.waitFor(async () => expect((await peak())?.cpu).toBeGreaterThan(0.01), { timeout: 60_000 })
    const [folder = ''] = await readdir(bed.attempts)
    await writeFile(join(bed.attempts, folder, 'files/job/release'), '')
    expect((await ended).cause).toBe('success')
    await usage.close()
    expect((await peak())?.memoryBytes).toBeGreaterThan(0)
    expect((await peak())?.storageBytes).toBeGreaterThanOrEqual(5_000_000)
    expect((await peak())?.receivedBytes).toBeGreaterThanOrEqual(0)
  })

  it('needs no program in the image but its shell', async () => {
    const lean = `graupel-lean-${crypto.randomUUID()}`
    await makeImage(lean, ['sh'])
    await writeFile(join(bed.scratch, 'x'), 'content')
    const inputs = [{ kind: 'object' as const, uri: fileUriOf(join(bed.scratch, 'x')), path: 'inputs/1/x' }]
    const links = [{ path: 'inputs/root.x', target: 'inputs/1/x' }]
    const script = 'read line < inputs/root.x || true; echo $line > job/out'
    const end = await run({
      script,
      template: { image: lean },
      detail: { inputs, links, outputs: [output('out', 'gs://b/out')] },
    })
    await removeImage(lean)
    expect(end.cause).toBe('success')
    expect(Buffer.from(await bed.objects.read('gs://b/out')).toString()).toBe('content\n')
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
    bed.aborter.abort({ kind: 'stopped' })
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
      { connect: async () => new Docker({ socketPath: join(bed.scratch, 'none.sock') }) },
    )
    expect(end).toMatchObject({ cause: 'image', message: expect.stringContaining('docker info') })
  })

  it('makes files that are this user’s, in folders too', async () => {
    const script = 'mkdir -p job/out/a; echo x > job/out/a/b; chmod 700 job/out'
    expect((await run({ script, detail: { outputs: [output('out', 'gs://b/out')] } })).cause).toBe('success')
    expect(await bed.objects.stat('gs://b/out/a/b')).toBeDefined()
  })

  it('cannot make the agent read files of the machine', async () => {
    const secret = join(bed.scratch, 'secret')
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
    await mkdir(join(bed.scratch, 'data'))
    const extraRunFlags = ['-v', `${join(bed.scratch, 'data')}:/data`, '--env=B=c d', '--network', 'none']
    expect((await run({ script: 'echo "$B" > /data/b' }, { extraRunFlags })).cause).toBe('success')
    expect(await readFile(join(bed.scratch, 'data/b'), 'utf8')).toBe('c d\n')
  })

  it('sees the key of a service account', async () => {
    const gsaKeyFile = join(bed.scratch, 'key.json')
    await writeFile(gsaKeyFile, '{}')
    expect((await run({ script: 'cat $GOOGLE_APPLICATION_CREDENTIALS' }, { gsaKeyFile })).cause).toBe('success')
    expect(await log()).toBe('{}')
  })

  it('is removed when an agent of the same name starts again', async () => {
    const ended = run({ script: `echo ready; while :; do sleep 1; done` }, { flushMs: 10 })
    await vi.waitFor(async () => expect(await log()).toBe('ready\n'), { timeout: 20_000, interval: 20 })
    expect(await removeContainersOf(docker, bed.agent)).toBe(1)
    expect((await ended).cause).not.toBe('success')
    expect(existsSync(bed.attempts)).toBe(true)
  })
})
