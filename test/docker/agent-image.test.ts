import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Assignment, objectPaths } from 'graupel/model'
import { FileObjectStore } from 'graupel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashContext } from '../../client/src/cli/deploy/agent-image.ts'
import { buildAgentImage } from '../../client/src/cli/deploy/build-agent-image.ts'
import { assignmentOf, root } from '../execution/attempt-bed.ts'
import { CallBed } from '../execution/calls/call-bed.ts'
import { packCopy, repository, runProgram } from '../package/pack-repository.ts'
import { FakeKernel } from '../worker-vm/fake-kernel.ts'
import { FakeTopics } from '../worker-vm/fake-topics.ts'
import { makeAgentBase } from './agent-base.ts'
import { docker, reasonToSkip, removeImage } from './tiny-image.ts'

const isMachineLike = process.arch === 'x64'
if (!isMachineLike)
  console.log("the agent's image is not built here: it is for linux/amd64, and this machine's Node is not")
const canRun = (await reasonToSkip()) === undefined && isMachineLike

/**
 * The Dockerfile of the package, with the package's own files, by what `graupel deploy` builds with. Three things are not
 * the real ones, for they would have to be fetched: the base image, Debian's packages, and npm, which copies what is locked.
 */
describe.skipIf(!canRun)("the agent's image", () => {
  const id = crypto.randomUUID()
  const base = `graupel-agent-base-${id}`
  const image = `graupel-agent-${id}:1`
  const said: string[] = []
  let folder: string
  let context: string
  let keys: Server

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-agent-image-'))
    const { copy } = await packCopy(folder)
    context = join(copy, 'client/dist/deploy/worker')
    await makeAgentBase(base, join(context, 'package-lock.json'))
    keys = createServer((_, response) => response.end('a key'))
    keys.listen(0, '127.0.0.1')
    await once(keys, 'listening')
    // A server that listens on a port has this address.
    const key = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/apt-key.gpg`
    const build = { reference: image, context, buildArgs: { BASE: base, GCSFUSE_KEY: key } }
    await buildAgentImage(docker, build, (line) => said.push(line))
  })

  afterAll(async () => {
    keys?.close()
    await removeImage(image)
    await removeImage(base)
    await rm(folder, { recursive: true, force: true })
  })

  test('is built for the machines, and the steps are told', async () => {
    expect(await docker.getImage(image).inspect()).toMatchObject({
      Os: 'linux',
      Architecture: 'amd64',
      Config: { Entrypoint: ['node', '/graupel/worker.js'], WorkingDir: '/graupel' },
    })
    expect(said[0]).toMatch(/^ {2}Step 1\/\d+ : ARG BASE=node:/)
    expect(said.at(-1)).toMatch(/ENTRYPOINT/)
    const asked = await printedBy(['/bin/cat', '/apt-get.calls'])
    expect(asked.output).toMatch(/^apt-get install .*\bca-certificates fuse3 gcsfuse iptables\b/m)
  })

  test('has a lock that npm takes', async () => {
    const dry = ['ci', '--omit=dev', '--dry-run', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']
    expect(await runProgram('npm', dry, context)).toMatch(/added \d+ packages|up to date/)
    expect(await readFile(join(context, 'package-lock.json'), 'utf8')).not.toMatch(
      /https?:\/\/(?!github|opencollective|www)\S*\/-\//,
    )
  })

  test('is called by its content, in which there is nothing of where it was built', async () => {
    expect(hashContext(context)).toMatch(/^[0-9a-f]{16}$/)
    const bundle = await readFile(join(context, 'worker.js'), 'utf8')
    expect(bundle).toMatch(/^\/\/ worker-vm\/src\/main\.ts$/m)
    expect(bundle).not.toMatch(/^\/\/ \.\.?\//m)
    for (const place of [folder, repository]) expect(bundle).not.toContain(place)
  })

  /** A program in a container of the image, in the machine's network as the agent is. */
  async function printedBy(entrypoint: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const container = await docker.createContainer({
      Image: image,
      Entrypoint: [...entrypoint],
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Tty: true,
      HostConfig: { NetworkMode: 'host', Binds: [`${folder}:${folder}`] },
    })
    try {
      const stream = await container.attach({ stream: true, stdout: true, stderr: true })
      await container.start()
      const output = await text(stream)
      const { StatusCode: exitCode }: { StatusCode: number } = await container.wait()
      return { exitCode, output }
    } finally {
      await container.remove({ force: true })
    }
  }
  const agent = ['node', '/graupel/worker.js']

  /** A command, and a call of a function, which takes the runner's program. */
  async function jobs(): Promise<readonly Assignment[]> {
    const files = `file://${join(folder, 'objects')}`
    const calls = await CallBed.make()
    try {
      const call = await calls.jobOf({ job: 2, calls: [{ fn: 'add', args: [2, 3] }] })
      for (const input of call.detail?.inputs ?? []) {
        if (input.kind !== 'text') continue
        const text = await calls.text(objectPaths.text(root, input.name))
        await new FileObjectStore().write(objectPaths.text(files, input.name), text)
      }
      const command = { job: 1, shell: '/bin/sh', script: `echo done > ${join(folder, 'made')}` }
      return [assignmentOf(command), assignmentOf(call)].map((assignment) => ({ ...assignment, root: files }))
    } finally {
      await calls.close()
    }
  }

  test('starts the agent, which names the settings that it misses', async () => {
    const { exitCode, output } = await printedBy(agent)
    expect(exitCode).toBe(1)
    expect(output).toContain("the agent's environment is not complete:")
    for (const name of ['GRAUPEL_WORKER_NAME', 'GRAUPEL_KERNEL_URLS', 'GRAUPEL_PROJECT']) expect(output).toContain(name)
  })

  test('runs jobs that the service gives it, with the packages of its lock alone, and ends', async () => {
    const kernel = new FakeKernel()
    const topics = new FakeTopics()
    await Promise.all([kernel.start(), topics.start()])
    try {
      kernel.work.push(...(await jobs()))
      const { exitCode, output } = await printedBy(agent, {
        GRAUPEL_WORKER_NAME: `agent-${id}`,
        GRAUPEL_KERNEL_URLS: kernel.url,
        GRAUPEL_PROJECT: 'test',
        GRAUPEL_SCRATCH: join(folder, 'scratch'),
        GRAUPEL_IDLE_MS: '500',
        GRAUPEL_GRACE_MS: '500',
        GRAUPEL_EXPLAIN_MS: '0',
        PUBSUB_EMULATOR_HOST: topics.host,
        METADATA_SERVER_DETECTION: 'none',
      })
      expect(exitCode, output).toBe(0)
      const ends = topics.ends().map(({ job, end }) => [job, end.cause, end.cause === 'success' ? '' : end.message])
      expect(ends.sort(), output).toEqual([
        [1, 'success', ''],
        [2, 'success', ''],
      ])
      expect(kernel.asked.at(-1)).toMatchObject({ isLeaving: true, isEmpty: true })
      expect(await readFile(join(folder, 'made'), 'utf8')).toBe('done\n')
    } finally {
      await kernel.stop()
      topics.stop()
    }
  })
})
