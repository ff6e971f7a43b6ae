import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Batch, BatchNotFoundError, ServiceBackend } from 'graupel'
import { describe, expect, test } from 'vitest'
import { emulatorsMissing } from './emulated-clients.ts'
import { variableIn } from './run-command.ts'
import { shareService } from './shared-service.ts'

const program = fileURLToPath(new URL('fixtures/hello.ts', import.meta.url))

describe.skipIf(emulatorsMissing)(`a program is told${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ workers: 1 })

  /** The service's variables without those that say what and where it is. */
  const bareEnvironment = () => {
    const { GRAUPEL_PROJECT: _, GRAUPEL_REMOTE_TMPDIR: __, GRAUPEL_BACKEND: ___, ...rest } = service.env()
    return { ...rest, XDG_CONFIG_HOME: service.folder() }
  }

  /** Where the program's batch is found afterwards. */
  async function home(env: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env })
    expect(variableIn(stdout, 'log')).toBe('hello world')
    await using backend = new ServiceBackend({}, service.env())
    return await Batch.fromBatchId(variableIn(stdout, 'id'), { backend }).then(
      () => 'the service',
      (error: unknown) => {
        if (error instanceof BatchNotFoundError) return 'this machine'
        throw error
      },
    )
  }

  test('nothing, and runs on this machine', async () => {
    expect(await home(bareEnvironment())).toBe('this machine')
    expect(await home({ ...service.env(), GRAUPEL_BACKEND: 'local' })).toBe('this machine')
  })

  test('by its environment to run on the service', async () => {
    expect(await home({ ...bareEnvironment(), ...service.env() })).toBe('the service')
  })

  test('by its options which service is meant', async () => {
    const options = { project: service.project, remoteTmpdir: service.env().GRAUPEL_REMOTE_TMPDIR }
    expect(await home(bareEnvironment(), JSON.stringify(options))).toBe('the service')
  })

  test("by the user's file which service is meant, unless the environment names another one", async () => {
    const file = { project: service.project, remoteTmpdir: service.env().GRAUPEL_REMOTE_TMPDIR }
    await mkdir(join(service.folder(), 'graupel'), { recursive: true })
    await writeFile(join(service.folder(), 'graupel/config.json'), JSON.stringify(file))
    const env = { ...bareEnvironment(), GRAUPEL_BACKEND: 'service' }
    expect(await home(env)).toBe('the service')
    const wrong = { ...file, project: 'demo-nowhere' }
    await writeFile(join(service.folder(), 'graupel/config.json'), JSON.stringify(wrong))
    expect(await home({ ...env, GRAUPEL_PROJECT: service.project })).toBe('the service')
  })
})
