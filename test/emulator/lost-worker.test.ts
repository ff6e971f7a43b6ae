import { Batch, ServiceBackend } from 'graupel'
import { describe, expect, test, vi } from 'vitest'
import { quiet } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

/** Its first attempt waits for the end of its machine. */
const script = `case $GRAUPEL_ATTEMPT_ID in
  *-1) echo the first; sleep 1000 ;;
  *) echo the second ;;
esac`

describe.skipIf(emulatorsMissing)(`a worker that is lost${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ workers: 1 })

  test('leaves the logs of its attempts, as far as they were stored', async () => {
    await using backend = new ServiceBackend({}, service.env())
    const batch = new Batch({ backend, defaultMemory: '64Mi' })
    const job = batch.newJob().command(script)
    const run = await batch.run({ ...quiet, wait: false })
    const handle = run.job(job)
    await vi.waitFor(async () => expect(await handle.log()).toBe('the first\n'), { timeout: 60_000, interval: 200 })
    for (const pid of service.workerProcesses()) process.kill(pid, 'SIGKILL')
    await run.wait()
    expect(await handle.log({ attempt: 1 })).toBe('the first\n')
    expect(await Array.fromAsync(handle.log({ attempt: 1, follow: true }))).toEqual(['the first'])
    expect(await handle.log()).toBe('the second\n')
    const [first] = await handle.attempts()
    expect(first?.reason).toMatch(/^its machine failed it: its worker \S+ was lost$/)
  })
})
