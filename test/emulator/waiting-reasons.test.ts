import { createServer, type Server, type Socket } from 'node:net'
import { Batch, type RunningBatch, ServiceBackend } from 'graupel'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { reasonToSkip } from '../docker/tiny-image.ts'
import { quiet } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const dockerMissing = await reasonToSkip()
const patienceMs = { timeout: 90_000, interval: 200 }
const since = String.raw`, since \d{4}-\d\d-\d\d \d\d:\d\d UTC$`

/** A registry that takes calls and never answers. */
async function startSilentRegistry(): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the registry has no address')
  return `127.0.0.1:${address.port}`
}

describe.skipIf(emulatorsMissing)(
  `a job that waits on the service says why${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`,
  () => {
    const service = shareService({ fleet: 'compute', workers: 2, limits: { dollarsPerBatch: 0.0002 } })
    const runs: RunningBatch[] = []
    afterEach(async () => {
      for (const run of runs.splice(0)) await run.cancel()
    })

    /** Jobs that take a machine of the type each: types have pools of their own, so that no test waits for another. */
    async function submit(machineType: string, commands: readonly string[], image?: string) {
      const backend = new ServiceBackend({}, service.env())
      onTestFinished(() => backend.close())
      const batch = new Batch({ backend })
      const jobs = commands.map((command) => {
        const job = batch.newJob({ machineType, image })
        job.command(command)
        return job
      })
      return {
        batch,
        jobs,
        async run() {
          const run = await batch.run({ ...quiet, wait: false })
          runs.push(run)
          return run
        },
      }
    }

    const says = (run: RunningBatch, number: number, words: RegExp) =>
      vi.waitFor(async () => {
        const { reason, state } = await run.job(number).status()
        expect(`${state}: ${reason}`).toMatch(words)
      }, patienceMs)

    function change(settings: Partial<ReturnType<typeof service.world>['settings']>): void {
      const world = service.world()
      const before = world.settings
      world.settings = { ...before, ...settings }
      onTestFinished(() => {
        world.settings = before
      })
    }

    test('that no zone has a machine', async () => {
      change({ roomIn: () => 0 })
      const { run } = await submit('n2-standard-2', ['true'])
      await says(
        await run(),
        1,
        new RegExp(`^Ready: it waits for capacity: local-1-a, local-1-b have no n2 left${since}`),
      )
    })

    test('which quota is reached', async () => {
      change({ quotas: { 'local-1': { PREEMPTIBLE_CPUS: 1 } } })
      const { run } = await submit('n2-standard-4', ['true'])
      const words = 'a higher quota, or others to end: PREEMPTIBLE_CPUS in local-1'
      await says(await run(), 1, new RegExp(`^Ready: it waits for ${words}${since}`))
    })

    test('that its machine is starting', async () => {
      change({ timing: { ...service.world().settings.timing, bootMs: 120_000 } })
      const { run } = await submit('n2-standard-8', ['true'])
      await says(await run(), 1, new RegExp(`^Ready: it waits for a machine that is starting${since}`))
    })

    test('which limit is reached, which parents have not ended, and that the batch has cost too much', async () => {
      const { batch, jobs, run } = await submit('n2-standard-16', ['sleep 300', 'sleep 300', 'sleep 300'])
      const child = batch.newJob({ name: 'child' })
      child.dependsOn(jobs).command('true')
      const started = await run()
      await says(started, 4, new RegExp(`^Pending: it waits for the 3 jobs that it depends on${since}`))
      const words = 'others to end: the pool may have 2 machines at once'
      await says(started, 3, new RegExp(`^Ready: it waits for ${words}${since}`))
      // Two machines at some twenty cents an hour each.
      await says(
        started,
        3,
        new RegExp(String.raw`^Ready: it waits, because the batch has cost \$0\.00 and may cost \$0\.00${since}`),
      )
      await started.job(1).cancel()
      await says(started, 4, new RegExp(`^Pending: it waits for 2 of the 3 jobs that it depends on${since}`))
    })

    test.skipIf(dockerMissing !== undefined)('that its worker fetches its image', async () => {
      const image = `${await startSilentRegistry()}/slow:1`
      const { run } = await submit('n1-standard-1', ['true'], image)
      const words = `its worker fetches its image ${image} and its files, or has no core free for it yet`
      await says(await run(), 1, new RegExp(`^Creating: ${words}${since}`))
    })
  },
)
