import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { RunnerPool } from '../../../client/src/execution/calls/warm/runner-pool.ts'
import { WarmRunner } from '../../../client/src/execution/calls/warm/warm-runner.ts'
import { VirtualClock } from '../worker/virtual-clock.ts'

let pool: RunnerPool
let clock: VirtualClock
let folder: string

beforeEach(async () => {
  clock = new VirtualClock()
  folder = await mkdtemp(join(tmpdir(), 'graupel-pool-'))
  pool = new RunnerPool({ clock, idleMs: 5000, maxIdle: 2 })
})

afterEach(async () => {
  await pool.close()
  expect(clock.sleeping, 'timers that are left').toBe(0)
  await rm(folder, { recursive: true, force: true })
})

/** To a pool, a runner is a process that has a channel. */
async function startRunner(): Promise<WarmRunner> {
  await using output = await open(join(folder, 'output'), 'w')
  const words = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const
  const runner = await WarmRunner.start({ words, env: {}, output: output.fd })
  pool.add(runner)
  return runner
}

it('gives the runner that has worked last, and only to whom it suits', async () => {
  const [first, second] = [await startRunner(), await startRunner()]
  pool.giveBack('a', first)
  pool.giveBack('a', second)
  expect(pool.take('b')).toBeUndefined()
  expect([pool.take('a'), pool.take('a'), pool.take('a')]).toEqual([second, first, undefined])
})

it('ends a runner that has had nothing to do for a while', async () => {
  const runner = await startRunner()
  pool.giveBack('a', runner)
  await clock.pass(4999)
  expect(pool.take('a')).toBe(runner)
  await clock.pass(10_000)
  pool.giveBack('a', runner)
  await clock.pass(5000)
  expect(pool.take('a')).toBeUndefined()
  expect(await runner.exited).toMatchObject({ signal: 'SIGKILL' })
})

it('ends the one that has waited longest when too many wait', async () => {
  const runners = [await startRunner(), await startRunner(), await startRunner()]
  for (const runner of runners) pool.giveBack('a', runner)
  expect(await runners[0]?.exited).toMatchObject({ signal: 'SIGKILL' })
  expect([pool.take('a'), pool.take('a'), pool.take('a')]).toEqual([runners[2], runners[1], undefined])
})

it('forgets a runner that dies while it waits', async () => {
  const runner = await startRunner()
  pool.giveBack('a', runner)
  process.kill(runner.pid, 'SIGKILL')
  await runner.exited
  await clock.pass(0)
  expect(pool.take('a')).toBeUndefined()
})

it('takes no dead runner back', async () => {
  const runner = await startRunner()
  runner.kill()
  await runner.exited
  await clock.pass(0)
  pool.giveBack('a', runner)
  expect(pool.take('a')).toBeUndefined()
})

it('ends those that work and those that wait when it is closed', async () => {
  const [working, waiting] = [await startRunner(), await startRunner()]
  pool.giveBack('a', waiting)
  await pool.close()
  for (const runner of [working, waiting]) expect(await runner.exited).toMatchObject({ signal: 'SIGKILL' })
})
