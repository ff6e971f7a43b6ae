import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, it, vi } from 'vitest'
import { ProcessTable } from '../../../client/src/execution/usage/process-table.ts'

const started: ChildProcess[] = []

afterEach(async () => {
  for (const child of started.splice(0)) {
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
    await once(child, 'exit')
  }
})

/** The leader of a session of its own. */
function start(script: string): number {
  const child = spawn('/bin/bash', ['-c', script], { detached: true, stdio: 'ignore' })
  started.push(child)
  return child.pid ?? Number.NaN
}

const fresh = () => new ProcessTable()

it('sums up what all processes of a session use, also those that have ended', async () => {
  const busy = '(for ((i = 0; i < 200000; i++)); do :; done)'
  const session = start(`${busy}; ${busy} & wait; sleep 1000`)
  await vi.waitFor(() => expect(fresh().usageOf(session)?.cpuMs).toBeGreaterThan(100), { timeout: 30_000 })
  expect(fresh().usageOf(session)?.memoryBytes).toBeGreaterThan(100_000)
})

it('tells sessions apart', async () => {
  const idle = start('sleep 1000')
  const busy = start('while :; do :; done')
  const both = () => {
    const table = fresh()
    return [table.usageOf(idle)?.cpuMs ?? 0, table.usageOf(busy)?.cpuMs ?? 0] as const
  }
  await vi.waitFor(() => expect(both()[1]).toBeGreaterThan(200), { timeout: 30_000 })
  expect(both()[0]).toBeLessThan(200)
})

it('knows nothing of a session that is not there', () => {
  expect(fresh().usageOf(2 ** 30)).toBeUndefined()
})
