import { ServiceBackend } from 'graupel'
import { describe, expect, test } from 'vitest'
import { quiet, useBench } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

describe.skipIf(emulatorsMissing)(`a worker that is full${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  // It asks for no work, and does not renew before this file has ended.
  const env = { ...process.env, GRAUPEL_CPUS: '1', GRAUPEL_RENEW_MS: '3600000' }
  const service = shareService({ workers: 1, env })
  const bench = useBench({ name: 'ServiceBackend', open: async () => new ServiceBackend({}, service.env()) })

  const untilPrinted = async (lines: AsyncIterable<unknown>) => {
    for await (const _ of lines) return
  }

  test('stops a command, a function and a whole batch when they are cancelled', async () => {
    const batch = bench.newBatch({ defaultMemory: '64Mi', defaultCpu: 1 })
    const command = batch.newJob({ name: 'command' })
    command.command`echo runs; exec sleep 600`
    const call = batch.newFunctionJob({ name: 'function' })
    call.call(async () => {
      console.log('runs')
      await new Promise((resolve) => setTimeout(resolve, 600_000))
    })
    const last = batch.newJob({ name: 'last' })
    last.command`echo runs; exec sleep 600`
    const run = await batch.run({ ...quiet, wait: false })
    for (const job of [command, call]) {
      await untilPrinted(run.job(job).log({ follow: true }))
      await run.job(job).cancel()
      expect((await run.job(job).wait({ throwOnFailure: false })).state).toBe('Cancelled')
    }
    await untilPrinted(run.job(last).log({ follow: true }))
    await run.cancel()
    expect((await run.wait({ throwOnFailure: false })).counts).toMatchObject({ cancelled: 3 })
  })
})
