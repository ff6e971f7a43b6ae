import { Batch, ServiceBackend } from 'graupel'
import { describe, expect, test } from 'vitest'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const closed = 'This ServiceBackend has been closed; make a new one'

describe.skipIf(emulatorsMissing)(`a closed ServiceBackend${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ workers: 1 })

  test('tells what still waits, and what comes later, that it has been closed', async () => {
    const backend = new ServiceBackend({}, service.env())
    const batch = new Batch({ name: 'left alone', backend })
    const job = batch.newJob({ name: 'sleeper' }).command`sleep 600`
    const run = await batch.run({ wait: false, progress: false })
    const waits = [run.wait(), Array.fromAsync(run.watch()), run.job(job).wait()].map((wait) =>
      wait.then(
        () => 'ended',
        (error: unknown) => String(error),
      ),
    )
    expect(await run.status()).toMatchObject({ state: 'running' })
    await backend.close()
    for (const told of await Promise.all(waits)) expect(told).toContain(closed)
    await expect(run.status()).rejects.toThrow(closed)
    await expect(run.wait()).rejects.toThrow(closed)
    await expect(batch.run({ progress: false })).rejects.toThrow(closed)

    await using other = new ServiceBackend({}, service.env())
    const again = await (await Batch.fromBatchId(run.id, { backend: other })).run({ progress: false, wait: false })
    await again.cancel()
    await again.wait({ throwOnFailure: false })
  })
})
