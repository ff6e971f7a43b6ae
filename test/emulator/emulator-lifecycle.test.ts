import { describe, expect, test, vi } from 'vitest'
import { emulatorsMissing } from './emulated-clients.ts'
import { answers, type RunningCommand, startEmulator, variableIn } from './run-command.ts'

const patienceMs = 60_000

/** The hosts of a running emulator's two Java programs. */
async function hostsOf({ ready }: RunningCommand): Promise<string[]> {
  const printed = await ready
  return ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'].map((name) => variableIn(printed, name))
}

const noneAnswers = async (hosts: readonly string[]) =>
  expect(await Promise.all(hosts.map(answers))).toEqual(hosts.map(() => false))

describe.skipIf(emulatorsMissing)('the emulated service', () => {
  test('it prints its environment, and leaves nothing behind after Ctrl-C', async () => {
    const emulator = startEmulator()
    const hosts = await hostsOf(emulator)
    expect(await Promise.all(hosts.map(answers))).toEqual([true, true])
    emulator.child.kill('SIGINT')
    const { exitCode, stdout } = await emulator.ended
    expect(exitCode).toBe(0)
    expect(variableIn(stdout, 'GRAUPEL_BACKEND')).toBe('service')
    expect(variableIn(stdout, 'GRAUPEL_REMOTE_TMPDIR')).toMatch(/^gs:\/\//)
    await noneAnswers(hosts)
  })

  test('it ends when whoever started it has gone', async () => {
    const emulator = startEmulator()
    const hosts = await hostsOf(emulator)
    emulator.child.stdin?.end()
    expect((await emulator.ended).exitCode).toBe(0)
    await noneAnswers(hosts)
  })

  test('killed outright, it takes its emulators with it', async () => {
    const emulator = startEmulator()
    const hosts = await hostsOf(emulator)
    emulator.child.kill('SIGKILL')
    await emulator.ended
    await vi.waitFor(() => noneAnswers(hosts), patienceMs)
  })
})

test('without Java it says what to do', async () => {
  const emulator = startEmulator({ JAVA_HOME: '/nowhere' })
  const { exitCode, stderr, stdout } = await emulator.ended
  expect(exitCode).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/need Java 17 or later.*install a JRE or set JAVA_HOME/)
})

test('without the emulators it says how to get them', async () => {
  const emulator = startEmulator({ CLOUDSDK_ROOT_DIR: '/nowhere', FIREBASE_EMULATORS_PATH: '/nowhere' })
  const { exitCode, stderr } = await emulator.ended
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/(npx firebase-tools@15 setup:emulators:firestore|need Java)/)
})
