import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Batch, python, ServiceBackend } from 'graupel'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { emulatorsMissing } from '../emulator/emulated-clients.ts'
import { shareService } from '../emulator/shared-service.ts'
import { quiet } from '../suites/home.ts'
import { findPython, makeMachineImage } from './python-base.ts'
import { reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-default-${crypto.randomUUID()}`
const patience = { timeout: 60_000, interval: 50 }
const found = await findPython()
const reason = (await reasonToSkip()) ?? (emulatorsMissing || undefined)

describe.skipIf(reason !== undefined || found === undefined)('on a worker with a default image', () => {
  const service = shareService({ workers: 1, env: { ...process.env, GRAUPEL_DEFAULT_IMAGE: image } })
  let backend: ServiceBackend

  beforeAll(async () => {
    if (found === undefined) throw new Error('there is no Python')
    await makeMachineImage(image, found)
    backend = new ServiceBackend({}, service.env())
  })

  afterAll(async () => {
    await backend.close()
    await removeImage(image)
  })

  const batchOf = (name: string) => new Batch({ name, backend, defaultMemory: '128Mi', defaultCpu: 0.5 })

  test('commands of a job without an image run in a container of its own', async () => {
    const batch = batchOf('alone')
    const job = batch.newJob({ name: 'alone' })
    job.command`echo "process $$, in $PWD, at $BASH"; grep NoNewPrivs /proc/self/status`
    const run = await batch.run(quiet)
    expect(await run.job(job).log()).toBe(`process 1, in /io/batch/${run.id}, at /bin/bash\nNoNewPrivs:\t1\n`)
  })

  test('jobs see neither the Docker engine nor files of the agent and of other jobs', async () => {
    const other = batchOf('other')
    const sleeper = other.newJob({ name: 'sleeper', outputs: ['secret'] })
    sleeper.command`echo secret > ${sleeper.out.secret}; sleep 1000`
    const running = await other.run({ ...quiet, wait: false })
    await vi.waitFor(async () => expect((await running.job(sleeper).status()).state).toBe('Running'), patience)
    const batch = batchOf('curious')
    const job = batch.newJob({ name: 'curious' })
    job.command`for path in /run/docker.sock /var/run/docker.sock ${service.folder()}; do
        if test -e "$path"; then echo "$path"; fi
      done
      cd /io/batch; echo *; cd /proc; echo [0-9]*`
    const run = await batch.run(quiet)
    expect(await run.job(job).log()).toBe(`${run.id}\n1\n`)
    expect((await running.job(sleeper).status()).state).toBe('Running')
    await running.cancel()
  })

  test('functions of both languages run, and pass on files and values', async () => {
    const batch = batchOf('functions')
    const numbers = batch.newFunctionJob({ name: 'numbers' }).call((count: number) => [process.pid, count], 3)
    const job = batch.newPythonJob({ name: 'sum' })
    const add = python`def add(path): import json, os; return json.load(open(path)) + [os.getpid()]`
    batch.writeOutput(job.call(add, numbers.asJson()).asJson(), join(service.folder(), 'sum.json'))
    await batch.run(quiet)
    expect(JSON.parse(await readFile(join(service.folder(), 'sum.json'), 'utf8'))).toEqual([1, 3, 1])
  })
})
