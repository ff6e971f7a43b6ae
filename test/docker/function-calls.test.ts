import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AttemptOptions, ContainerSandbox, removeContainersOf, runAttempt, systemClock } from 'graupel/execution'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { assignmentOf } from '../execution/attempt-bed.ts'
import { CallBed, type CallJob } from '../execution/calls/call-bed.ts'
import { docker, makeImage, makeNodeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-node-${crypto.randomUUID()}`
const old = findOldNode()
const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('functions in a container', () => {
  let bed: CallBed
  const agent = `agent-${crypto.randomUUID()}`

  beforeAll(() => makeNodeImage(image, process.execPath))

  afterAll(() => removeImage(image))

  beforeEach(async () => {
    bed = await CallBed.make()
  })

  afterEach(async () => {
    expect(await removeContainersOf(docker, agent), 'containers that are left').toBe(0)
    expect(await bed.leftovers(), 'folders that are left').toEqual([])
    await bed.close()
  })

  const call = async (job: CallJob, options: Partial<AttemptOptions> = {}) =>
    runAttempt(assignmentOf(await bed.jobOf({ ...job, template: { image, memoryBytes: 2 ** 28, ...job.template } })), {
      objects: bed.objects,
      sandbox: new ContainerSandbox({
        scratch: join(bed.scratch, 'attempts'),
        objects: bed.objects,
        clock: systemClock,
        agent,
        connect: async () => docker,
        user: `${process.getuid?.()}:${process.getgid?.()}`,
      }),
      signal: bed.aborter.signal,
      clock: systemClock,
      graceMs: 10_000,
      ...options,
    })

  it('need nothing in the image but Node', async () => {
    const results = { json: 'job/json', value: 'job/value' }
    const end = await call({
      calls: [
        { fn: 'add', args: [2, 3], results },
        { fn: 'print', args: ['x', 2] },
      ],
    })
    expect(end).toMatchObject({ cause: 'success', exitCode: 0 })
    expect(await bed.text('gs://b/1/json')).toBe('5\n')
    expect(await bed.log()).toBe('0 x\n1 x\n')
  })

  it('print in order, whichever output they choose', async () => {
    await call({ calls: [{ fn: 'printInTurn', args: [300] }] })
    expect(await bed.log()).toBe(Array.from({ length: 300 }, (_, index) => `${index}\n`).join(''))
  })

  it('run at the folder that the paths page promises', async () => {
    await call({ calls: [{ fn: 'where', results: { json: 'job/json' } }] })
    const found = JSON.parse(await bed.text('gs://b/1/json'))
    expect(found).toMatchObject({ cwd: '/io/batch/testbatch', tmp: '/io/batch/testbatch', words: 2 })
  })

  it('fail with the reason and the stack of what is thrown', async () => {
    const end = await call({ calls: [{ fn: 'fail' }] })
    expect(end).toMatchObject({ cause: 'failed', exitCode: 1, message: 'TypeError: the file is empty' })
    expect(await bed.log()).toMatch(/^TypeError: the file is empty\n/)
  })

  it('decide on the exit code by process.exit', async () => {
    expect(await call({ calls: [{ fn: 'exit', args: [7] }] })).toMatchObject({ cause: 'failed', exitCode: 7 })
  })

  it('are told when they went over their memory', async () => {
    const job = { template: { memoryBytes: 2 ** 27, env: { NODE_OPTIONS: '--max-old-space-size=4096' } } }
    const end = await call({ ...job, calls: [{ fn: 'fillHeap' }] })
    expect(end).toMatchObject({ cause: 'outOfMemory', exitCode: 137 })
  })

  it('end at SIGTERM, though they are the first process of the container', async () => {
    const ended = call({ calls: [{ fn: 'waitForever' }] }, { flushMs: 10, graceMs: 600_000 })
    await vi.waitFor(async () => expect(await bed.log()).toBe('ready\n'), { timeout: 30_000, interval: 20 })
    bed.abort('stopped')
    expect((await ended).cause).toBe('stopped')
  })

  it('name an image that has no Node', async () => {
    const bare = `graupel-bare-${crypto.randomUUID()}`
    await makeImage(bare, ['sh'])
    const end = await call({ template: { image: bare }, calls: [{ fn: 'add' }] })
    await removeImage(bare)
    expect(end).toMatchObject({
      cause: 'image',
      message: `The job's functions need Node 22 or newer, which the image ${bare} does not have; choose another image, for example node:24-slim.`,
    })
  })

  it.skipIf(old === undefined)('name an image whose Node is too old', async () => {
    const outdated = `graupel-old-${crypto.randomUUID()}`
    await makeNodeImage(outdated, old?.path ?? '')
    const end = await call({ template: { image: outdated }, calls: [{ fn: 'add' }] })
    await removeImage(outdated)
    expect(end).toMatchObject({
      cause: 'image',
      message: `The job's functions need Node 22 or newer, but the image ${outdated} has ${old?.version}; choose another image, for example node:24-slim.`,
    })
  })

  it('leave nothing on this machine', async () => {
    await call({ calls: [{ fn: 'leaveTimer' }] })
    expect(await readdir(join(bed.scratch, 'attempts'))).toEqual([])
  })
})

/** A Node of this machine that is older than functions need. */
function findOldNode(): { readonly path: string; readonly version: string } | undefined {
  const path = ['/usr/bin/node', '/usr/local/bin/node'].find((candidate) => existsSync(candidate))
  const version =
    path === undefined ? undefined : execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1)
  if (path !== undefined && version !== undefined && Number.parseInt(version, 10) < 22) return { path, version }
  console.log('an image with an outdated Node is not tested: this machine has no Node below 22')
  return undefined
}
