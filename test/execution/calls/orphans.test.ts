import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { killProcessesOf } from 'graupel/execution'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isRunning } from '../is-running.ts'

const program = fileURLToPath(new URL('./fixtures/run-until-killed.ts', import.meta.url))

test('no runner outlives its program, whatever it does, when the program is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-orphans-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const child = spawn('node', [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const { agent, pids } = JSON.parse(String(line))
  expect(new Set(pids).size).toBe(2)
  child.kill('SIGKILL')
  await once(child, 'close')
  await vi.waitFor(
    async () => {
      for (const pid of pids) expect(await isRunning(String(pid))).toBe(false)
    },
    { timeout: 30_000, interval: 50 },
  )
  expect(await killProcessesOf(agent), 'processes that are left').toBe(0)
})
