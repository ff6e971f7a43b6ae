import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import type { Assignment } from 'graupel/model'
import { FileObjectStore } from 'graupel/storage'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentProcess } from '../e2e/agent-process.ts'
import { assignmentOf } from '../execution/attempt-bed.ts'
import { claimsOf, type FakeIamCredentials, startFakeIamCredentials } from '../worker-vm/fake-iam-credentials.ts'
import { type FakeMetadata, startFakeMetadata } from '../worker-vm/fake-metadata.ts'
import { FakeTopics } from '../worker-vm/fake-topics.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-tokens-${crypto.randomUUID()}`
const account = 'graupel-job@test.iam.gserviceaccount.com'
const accountPath = '/computeMetadata/v1/instance/service-accounts/default'
const ownOfMachine = 'token-of-the-machine'
const reason = await reasonToSkip()
const patience = { timeout: 60_000, interval: 50 }

describe.skipIf(reason !== undefined)('the container of a job', () => {
  let folder: string
  let metadata: FakeMetadata
  let credentials: FakeIamCredentials
  let topics: FakeTopics
  let agent: AgentProcess

  beforeAll(() => makeImage(image, ['sh', 'wget', 'sleep', 'env', 'grep']))

  afterAll(() => removeImage(image))

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-tokens-'))
    topics = new FakeTopics()
    await topics.start()
    agent = await AgentProcess.make(folder, topics)
    const audience = new URLSearchParams({ audience: agent.kernel.url, format: 'full' })
    metadata = await startFakeMetadata({
      'service-accounts/default/token': JSON.stringify({ access_token: ownOfMachine, expires_in: 3599 }),
      [`service-accounts/default/identity?${audience}`]: 'identity-of-the-machine',
    })
    credentials = await startFakeIamCredentials({ caller: ownOfMachine, email: account })
  })

  afterEach(async () => {
    await agent.close()
    topics.stop()
    await Promise.all([metadata.close(), credentials.close()])
    await rm(folder, { recursive: true, force: true })
  })

  const ask = (path: string) =>
    `wget -q -O - --header 'Metadata-Flavor: Google' "http://$GCE_METADATA_HOST${accountPath}/${path}" 2>&1`
  /** Each answer on a line. */
  const askForAll = ['email', 'token', 'identity?audience=https://one.example']
    .map((path) => `${ask(path)}; echo`)
    .join('\n')

  const job = (number: number, script: string): Assignment => ({
    ...assignmentOf({ job: number, script, shell: '/bin/sh', template: { image, memoryBytes: 2 ** 26 } }),
    root: `file://${join(folder, 'objects')}`,
  })

  const run = (variables: Record<string, string> = { GRAUPEL_JOB_ACCOUNT: account }) =>
    agent.run({
      GRAUPEL_METADATA_URL: metadata.url,
      GRAUPEL_IAM_CREDENTIALS_URL: credentials.url,
      GRAUPEL_LOG_LEVEL: 'silent',
      ...variables,
    })

  async function logOf(number: number): Promise<string> {
    const { chunks } = await findLog(new FileObjectStore(), { root: job(number, '').root, job: number, attempt: 1 })
    return Buffer.concat(await Array.fromAsync(chunks())).toString()
  }

  it('is given tokens of the account of jobs, from its first moment', async () => {
    agent.kernel.work.push(job(1, askForAll))
    expect(await run()).toEqual([0, null])
    const [email, token = '', identity = ''] = (await logOf(1)).split('\n')
    expect(email).toBe(account)
    expect(JSON.parse(token)).toMatchObject({ access_token: `access 1 of ${account}`, token_type: 'Bearer' })
    expect(claimsOf(identity)).toMatchObject({ email: account, aud: 'https://one.example' })
  })

  it('shares them with the other jobs of its machine', async () => {
    agent.kernel.work.push(...[1, 2, 3, 4].map((number) => job(number, ask('token'))))
    await run()
    const tokens = await Promise.all([1, 2, 3, 4].map(async (number) => JSON.parse(await logOf(number)).access_token))
    expect(new Set(tokens)).toEqual(new Set([`access 1 of ${account}`]))
    expect(credentials.asked).toHaveLength(1)
  })

  it('finds the way to them by the names that clients of Google know', async () => {
    agent.kernel.work.push(job(1, 'env | grep ^GCE_METADATA_'))
    await run()
    const lines = (await logOf(1)).trim().split('\n').sort()
    expect(lines.map((line) => line.split('=')[0])).toEqual([
      'GCE_METADATA_HOST',
      'GCE_METADATA_IP',
      'GCE_METADATA_ROOT',
    ])
    expect(new Set(lines.map((line) => line.split('=')[1])).size).toBe(1)
  })

  it('is told that there are none where the deployment has no account for jobs', async () => {
    agent.kernel.work.push(job(1, ask('token')))
    await run({})
    expect(await logOf(1)).toContain('404 Not Found')
  })

  it('is the only one who is given any', async () => {
    agent.kernel.work.push(job(1, 'sleep 1000'))
    const ended = run()
    const host = await vi.waitFor(() => hostOfRunning(agent), patience)
    const stranger = await runStranger(image, host, askForAll)
    expect(stranger.match(/403 Forbidden/g)).toHaveLength(3)
    const response = await fetch(`http://${host}${accountPath}/token`, { headers: { 'Metadata-Flavor': 'Google' } })
    expect(response.status).toBe(403)
    expect(credentials.asked).toEqual([])
    agent.stop()
    expect(await ended).toEqual([0, null])
    await expect(fetch(`http://${host}/`)).rejects.toThrow('fetch failed')
  })
})

/** Where a running job of the agent is told to ask. */
async function hostOfRunning({ agent }: AgentProcess): Promise<string> {
  const [running] = await docker.listContainers({ filters: { label: [`graupel.agent=${agent}`] } })
  if (running === undefined) throw new Error('no job runs')
  const { Config } = await docker.getContainer(running.Id).inspect()
  const [host] = Config.Env.flatMap((line) => (line.startsWith('GCE_METADATA_HOST=') ? [line.split('=')[1]] : []))
  if (host === undefined) throw new Error('the job is not told where to ask')
  return host
}

/** What a container prints that is not a job's, though it is told the same as a job. */
async function runStranger(image: string, host: string, script: string): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['sh', '-c', script],
    Env: [`GCE_METADATA_HOST=${host}`],
    Tty: true,
  })
  const output = await container.attach({ stream: true, stdout: true, stderr: true })
  const printed = Array.fromAsync(output)
  await container.start()
  await container.wait()
  const chunks = await printed
  await container.remove()
  return chunks.map(String).join('')
}
