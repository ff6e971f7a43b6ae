import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EmulatedService, startEmulatedService } from '@graupel/functions/emulator/emulated-service'
import { type Backend, ServiceBackend } from 'graupel'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { describeBashJobs } from '../suites/bash-jobs.ts'
import { describeExecutor } from '../suites/executor.ts'
import { describeFunctionJobs } from '../suites/function-jobs.ts'
import { describePythonJobs } from '../suites/python-jobs.ts'
import { emulatorsMissing, freshProject } from './emulated-clients.ts'

const workerProgram = fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url))

describe.skipIf(emulatorsMissing)(`the emulated service${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  let service: EmulatedService | undefined
  let folder = ''

  beforeAll(async () => {
    const emulators = inject('emulators')
    if ('missing' in emulators) throw new Error(emulators.missing)
    folder = await mkdtemp(join(tmpdir(), 'graupel-service-'))
    service = await startEmulatedService({
      env: process.env,
      folder,
      workerProgram,
      project: freshProject(),
      lanes: 2,
      workers: 1,
      emulators,
    })
  })

  afterAll(async () => {
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const open = async (): Promise<Backend> => {
    if (service === undefined) throw new Error('the service has not been started')
    return new ServiceBackend({}, { ...process.env, ...service.variables })
  }

  describeBashJobs({ name: 'ServiceBackend', open })
  describeFunctionJobs({ name: 'ServiceBackend', open })
  describePythonJobs({ name: 'ServiceBackend', open })
  describeExecutor({ name: 'ServiceBackend', open })
})
