import { Batch, ServiceBackend } from 'graupel'
import { describe, expect, test, vi } from 'vitest'
import { quiet } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const patienceMs = { timeout: 90_000, interval: 100 }

describe.skipIf(emulatorsMissing)(
  `a batch on machines of Compute Engine's interface${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`,
  () => {
    const env = { ...process.env, GRAUPEL_IDLE_MS: '4000' }
    const service = shareService({ fleet: 'compute', workers: 2, env })

    test('runs end to end', async () => {
      await using backend = new ServiceBackend({}, service.env())
      const batch = new Batch({ backend, defaultMemory: '64Mi', defaultCpu: 0.1 })
      const parts = [1, 2, 3].map((number) => {
        const job = batch.newJob({ outputs: ['part'] })
        job.command`echo ${number} > ${job.out.part}`
        return job.out.part
      })
      const sum = batch.newJob({ name: 'sum' })
      sum.command`cat ${parts} | paste -sd+`
      const run = await batch.run(quiet)
      const { state, cost } = await run.status()
      expect(state).toBe('success')
      expect(cost).toBeGreaterThan(0)
      expect(cost).toBeLessThan(0.01)
      // The documents that tell of jobs come a little later.
      await vi.waitFor(async () => {
        const costs = await Array.fromAsync(run.jobs(), (job) => job.cost)
        expect(costs.reduce((sum, one) => sum + one, 0)).toBeCloseTo(cost, 9)
      }, patienceMs)
      const names = service.world().instances.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(name).toMatch(/^graupel-spot-[a-z0-9]+-0-0$/)
    })

    test('goes on after its machine has been taken away', async () => {
      await using backend = new ServiceBackend({}, service.env())
      const batch = new Batch({ backend, defaultMemory: '64Mi', defaultCpu: 0.1 })
      const job = batch.newJob({ name: 'long' })
      job.command`case "$GRAUPEL_ATTEMPT_ID" in *-1) sleep 300 ;; esac`
      const run = await batch.run({ ...quiet, wait: false })
      const lost = await vi.waitFor(async () => {
        const { worker, state } = await run.job(job).status()
        expect(state).toBe('Running')
        expect((await run.status()).cost).toBeGreaterThan(0)
        return worker?.split('.')[0] ?? ''
      }, patienceMs)
      service.world().preempt(lost)
      expect((await run.wait()).state).toBe('success')
      const attempts = await run.job(job).attempts()
      expect(attempts.map(({ reason }) => reason)).toEqual([expect.stringContaining('taken away'), undefined])
      expect(attempts[1]?.worker).not.toBe(attempts[0]?.worker)
      expect(attempts.map(({ cost }) => cost > 0)).toEqual([true, true])
      const { cost } = await run.job(job).status()
      expect(attempts.reduce((sum, attempt) => sum + attempt.cost, 0)).toBeCloseTo(cost, 9)
    })

    test('leaves no machine that costs when there is nothing left to do', async () => {
      const on = () =>
        service.world().instances.filter(({ status }) => status === 'PROVISIONING' || status === 'RUNNING')
      await vi.waitFor(() => expect(on()).toEqual([]), patienceMs)
      expect(service.workerProcesses()).toEqual([])
    })
  },
)
