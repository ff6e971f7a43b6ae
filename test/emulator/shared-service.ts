import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ComputeWorld } from '@graupel/functions/emulator/compute-server/compute-world'
import {
  type EmulatedService,
  type EmulatedServiceOptions,
  startEmulatedService,
} from '@graupel/functions/emulator/emulated-service'
import { afterAll, beforeAll, inject } from 'vitest'
import { freshProject } from './emulated-clients.ts'

export interface SharedService {
  /** The environment of a program that uses the service. */
  env(): Record<string, string | undefined>
  workerProcesses(): readonly number[]
  /** The stand-in of Compute Engine. */
  world(): ComputeWorld
  /** The project that its programs, and no others, work for. */
  readonly project: string
  /** A folder of the test file's own, deleted at the end. */
  folder(): string
}

type Options = Partial<
  Pick<EmulatedServiceOptions, 'env' | 'lanes' | 'workers' | 'deliveries' | 'workerProgram' | 'fleet' | 'limits'>
>

const workerProgram = fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url))

/** One emulated service for all tests of a file, with emulators that all files share. */
export function shareService(options: Options = {}): SharedService {
  const project = freshProject()
  let service: EmulatedService | undefined
  let folder = ''
  beforeAll(async () => {
    const emulators = inject('emulators')
    if ('missing' in emulators) throw new Error(emulators.missing)
    folder = await mkdtemp(join(tmpdir(), 'graupel-service-'))
    const rest = { workerProgram, lanes: 2, workers: 2, ...options }
    service = await startEmulatedService({ env: process.env, folder, project, emulators, ...rest })
  })
  afterAll(async () => {
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const running = () => {
    if (service === undefined) throw new Error('the service has not been started')
    return service
  }
  return {
    project,
    env: () => ({ ...process.env, ...running().variables }),
    workerProcesses: () => running().workerProcesses(),
    world: () => {
      const { world } = running()
      if (world === undefined) throw new Error('this service has no Compute Engine')
      return world
    },
    folder: () => folder,
  }
}
