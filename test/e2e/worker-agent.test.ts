import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import { killProcessesOf } from 'graupel/execution'
import type { Assignment } from 'graupel/model'
import { FileObjectStore } from 'graupel/storage'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readConfig } from '../../worker-vm/src/config.ts'
import { assignmentOf } from '../execution/attempt-bed.ts'
import { FakeKernel } from '../worker-vm/fake-kernel.ts'
import { FakeTopics } from '../worker-vm/fake-topics.ts'

const main = new URL('../../worker-vm/src/main.ts', import.meta.url).pathname
const patience = { timeout: 120_000, interval: 20 }

let folder: string
let kernel: FakeKernel
let topics: FakeTopics
let name: string
const agents: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-agent-'))
  name = `agent-${crypto.randomUUID()}`
  kernel = new FakeKernel()
  topics = new FakeTopics()
  await Promise.all([kernel.start(), topics.start()])
})

afterEach(async () => {
  for (const agent of agents.splice(0)) {
    if (agent.exitCode === null && agent.signalCode === null) {
      agent.kill('SIGKILL')
      await once(agent, 'exit')
    }
  }
  await kernel.stop()
  topics.stop()
  await killLeft()
  await rm(folder, { recursive: true, force: true })
})

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  GRAUPEL_WORKER_NAME: name,
  GRAUPEL_KERNEL_URLS: kernel.url,
  GRAUPEL_PROJECT: 'test',
  GRAUPEL_SCRATCH: join(folder, 'scratch'),
  GRAUPEL_IDLE_MS: '500',
  GRAUPEL_GRACE_MS: '500',
  GRAUPEL_EXPLAIN_MS: '0',
  PUBSUB_EMULATOR_HOST: topics.host,
  METADATA_SERVER_DETECTION: 'none',
})

/** Kills what the agent has left; how many processes. */
const killLeft = () => killProcessesOf(readConfig(environment()).agent)

function startAgent(variables: Record<string, string> = {}): { agent: ChildProcess; exited: Promise<unknown[]> } {
  const agent = spawn(process.execPath, [main], {
    env: { ...environment(), ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  agents.push(agent)
  return { agent, exited: once(agent, 'exit') }
}

/** Empty for a process that has ended, though it may still be listed. */
const commandOf = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')

const job = (number: number, script: string): Assignment => ({
  ...assignmentOf({ job: number, script }),
  root: `file://${join(folder, 'objects')}`,
})

async function logOf(number: number): Promise<string> {
  const place = { root: job(number, '').root, job: number, attempt: 1 }
  const { chunks } = await findLog(new FileObjectStore(), place)
  return Buffer.concat(await Array.fromAsync(chunks())).toString()
}

it('does its work, tells it, and exits when there is no more', async () => {
  kernel.work.push(job(1, `echo done > ${join(folder, 'made')}`), job(2, 'exit 3'))
  const { exited } = startAgent()
  expect(await exited).toEqual([0, null])
  expect(
    topics
      .ends()
      .map(({ job: number, end }) => [number, end.cause])
      .sort(),
  ).toEqual([
    [1, 'success'],
    [2, 'failed'],
  ])
  expect(kernel.asked.at(-1)).toMatchObject({ isLeaving: true, isEmpty: true })
  expect(await readFile(join(folder, 'made'), 'utf8')).toBe('done\n')
  expect(await readdir(join(folder, 'scratch'))).toEqual([])
})

it('ends its jobs and tells that they were preempted when the machine goes away', async () => {
  kernel.work.push(job(1, `touch ${join(folder, 'runs')}; sleep 1000`))
  const { agent, exited } = startAgent()
  await vi.waitFor(() => expect(existsSync(join(folder, 'runs'))).toBe(true), patience)
  agent.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(topics.ends()).toMatchObject([{ job: 1, end: { cause: 'preempted', lingersMs: 5500 } }])
  expect(await killLeft()).toBe(0)
})

it('kills its jobs when it has lost touch for so long that they may be given away', async () => {
  kernel.work.push(job(1, `trap '' TERM; echo $$ > ${join(folder, 'pid')}; while :; do sleep 0.1; done`))
  const { agent } = startAgent({ GRAUPEL_RENEW_MS: '100', GRAUPEL_KILL_AFTER_MS: '2000' })
  await vi.waitFor(async () => expect(await readFile(join(folder, 'pid'), 'utf8')).toMatch(/\d\n/), patience)
  const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim()
  expect(await commandOf(pid)).not.toBe('')
  kernel.isReachable = false
  await vi.waitFor(async () => expect(await commandOf(pid)).toBe(''), patience)
  expect(agent.exitCode).toBeNull()
})

// The signal that ends a job ends `mv` too. So it comes when a step is in its place: `steps` is written last.
it('a job whose machine is taken away three times does its work once', async () => {
  const steps = join(folder, 'steps')
  const script = `cd "$GRAUPEL_CHECKPOINT_DIR"; trap 'stop=1' TERM
    n=$(cat n || echo 0); echo "$n" >> ${join(folder, 'starts')}
    while test $n -lt 20; do
      n=$((n + 1)); echo $n > next; mv next n; echo $n >> ${steps}
      test -z "$stop" || exit 1
      test $((n % 5)) -ne 0 || test $n -eq 20 || { sleep 1000 & wait; exit 1; }
    done`
  const attempt = (number: number): Assignment => ({
    ...job(1, script),
    attempt: number,
    template: { ...job(1, '').template, checkpoint: { everyMs: 3_600_000 } },
  })
  for (let number = 1; number <= 3; number++) {
    kernel.work.push(attempt(number))
    const { agent, exited } = startAgent()
    const reached = `${number * 5}\n`
    await vi.waitFor(async () => expect(await readFile(steps, 'utf8')).toMatch(new RegExp(`\\n${reached}$`)), patience)
    agent.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  }
  kernel.work.push(attempt(4))
  expect(await startAgent().exited).toEqual([0, null])
  const causes = topics.ends().map((event) => [event.attempt, event.end.cause])
  expect(causes).toEqual([...[1, 2, 3].map((number) => [number, 'preempted']), [4, 'success']])
  expect(await readFile(steps, 'utf8')).toBe(Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join(''))
  expect(await readFile(join(folder, 'starts'), 'utf8')).toBe('0\n5\n10\n15\n')
})

it('leaves no job behind when it is killed', async () => {
  kernel.work.push(job(1, `trap '' TERM; echo $$ > ${join(folder, 'pid')}; while :; do sleep 0.1; done`))
  const { agent, exited } = startAgent()
  await vi.waitFor(async () => expect(await readFile(join(folder, 'pid'), 'utf8')).toMatch(/\d\n/), patience)
  const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim()
  agent.kill('SIGKILL')
  await exited
  await vi.waitFor(async () => expect(await commandOf(pid)).toBe(''), patience)
})

it('ends what an earlier agent of its machine has left before it asks for work', async () => {
  kernel.work.push(job(1, `echo $$ > ${join(folder, 'pid')}; exec sleep 1000`))
  const first = startAgent()
  await vi.waitFor(async () => expect(await readFile(join(folder, 'pid'), 'utf8')).toMatch(/\d\n/), patience)
  first.agent.kill('SIGKILL')
  await first.exited
  expect(await startAgent().exited).toEqual([0, null])
  expect(await killLeft()).toBe(0)
  const workers = new Set(kernel.asked.map(({ worker }) => worker))
  expect(workers.size).toBe(2)
})

it('leaves what its job has printed when it is killed', async () => {
  kernel.work.push(job(1, 'echo early; sleep 1000'))
  const { agent, exited } = startAgent()
  await vi.waitFor(async () => expect(await logOf(1)).toBe('early\n'), patience)
  agent.kill('SIGKILL')
  await exited
  expect(await logOf(1)).toBe('early\n')
})

it('stores the last words of its jobs before its machine goes away', async () => {
  kernel.work.push(job(1, `trap 'echo saved; exit 1' TERM; touch ${join(folder, 'runs')}; sleep 1000 & wait`))
  const { agent, exited } = startAgent()
  await vi.waitFor(() => expect(existsSync(join(folder, 'runs'))).toBe(true), patience)
  agent.kill('SIGTERM')
  await exited
  expect(await logOf(1)).toContain('saved')
})

it('says what is wrong with its environment and exits', async () => {
  const { agent, exited } = startAgent({ GRAUPEL_KERNEL_URLS: 'nowhere' })
  let text = ''
  agent.stderr?.on('data', (chunk) => {
    text += chunk
  })
  expect(await exited).toEqual([1, null])
  expect(text).toContain('GRAUPEL_KERNEL_URLS')
})
