import { describe, expect, test } from 'vitest'
import { runGraupel } from '../cli/run-graupel.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

describe.skipIf(emulatorsMissing)('graupel doctor and the emulated service', () => {
  const service = shareService()

  test('the smoke batch takes the whole way, and nothing is asked of Google', async () => {
    const { exitCode, stdout, stderr } = await runGraupel(['doctor', '--json'], service.env())
    expect(JSON.parse(stdout), stderr).toMatchObject({
      id: 'smoke',
      state: 'ok',
      detail: expect.stringMatching(/^ran in \d+\.\d s$/),
    })
    expect(exitCode).toBe(0)
  })
})

describe.skipIf(emulatorsMissing)('graupel doctor and a service that has no machine', () => {
  const service = shareService({ workers: 0 })

  test('a batch that does not begin is cancelled in time, with the reason why it waits', async () => {
    const { exitCode, stdout, stderr } = await runGraupel(['doctor', '--timeout', '3'], service.env())
    expect(exitCode, stderr).toBe(1)
    expect(stdout).toMatch(
      /^FAIL {2}a batch of one job: after 3 s it is still Ready: .*; it is cancelled\n {6}→ graupel job/,
    )
    const { stdout: batch } = await runGraupel(['get', '@latest', '--json'], service.env())
    expect(JSON.parse(batch)).toMatchObject({ name: 'graupel doctor', state: 'cancelled' })
  })
})
