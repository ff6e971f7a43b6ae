import { describe, expect, test, vi } from 'vitest'
import { emulatorsMissing } from './emulated-clients.ts'
import { answers, startEmulate, variableIn } from './run-command.ts'

describe.skipIf(emulatorsMissing)('graupel emulate', () => {
  test('a command runs inside and its exit code is passed on', async () => {
    const { exitCode, stdout } = await startEmulate(['sh', '-c', 'env; exit 7']).ended
    expect(exitCode).toBe(7)
    expect(variableIn(stdout, 'GRAUPEL_BACKEND')).toBe('service')
    expect(await answers(variableIn(stdout, 'FIRESTORE_EMULATOR_HOST'))).toBe(false)
  })

  test('a command that is not there is told of, as a shell does', async () => {
    const { exitCode, stderr } = await startEmulate(['no-such-command']).ended
    expect(exitCode).toBe(127)
    expect(stderr).toContain('no-such-command cannot be run')
  })

  test('without a command it serves until it is told to end', async () => {
    const emulate = startEmulate([])
    await emulate.ready
    emulate.child.kill('SIGTERM')
    const { exitCode, stdout } = await emulate.ended
    expect(exitCode).toBe(0)
    expect(variableIn(stdout, 'GRAUPEL_PROJECT')).toBe('graupel-local')
  })

  test('with --json the environment is one object on stdout, and all else is on stderr', async () => {
    const emulate = startEmulate([], ['--json'])
    await vi.waitFor(() => expect(emulate.printed.stdout).toMatch(/\n$/), { timeout: 120_000, interval: 50 })
    emulate.child.kill('SIGTERM')
    const { exitCode, stdout } = await emulate.ended
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      GRAUPEL_BACKEND: 'service',
      GRAUPEL_PROJECT: 'graupel-local',
      FIRESTORE_EMULATOR_HOST: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    })
  })
})
