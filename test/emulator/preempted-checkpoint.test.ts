import { readFile } from 'node:fs/promises'
import { Batch, ServiceBackend } from 'graupel'
import { describe, expect, test, vi } from 'vitest'
import { quiet } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const patience = { timeout: 90_000, interval: 50 }

describe.skipIf(emulatorsMissing)(`checkpoints${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ fleet: 'compute', workers: 2 })

  test('a job whose machine is taken away three times does each of its steps once', async () => {
    await using backend = new ServiceBackend({}, service.env())
    const steps = `${service.folder()}/steps`
    const starts = `${service.folder()}/starts`
    const batch = new Batch({ backend, defaultMemory: '64Mi', defaultCpu: 0.1 })
    const job = batch.newJob({ name: 'twenty steps', checkpoint: { every: '1h' } })
    // A step is in its place when `steps` tells of it. After each fifth one the job waits for its machine to go.
    job.command`cd "$GRAUPEL_CHECKPOINT_DIR"; trap 'stop=1' TERM; n=$(cat n || echo 0); echo "$n" >> ${starts}
      while test $n -lt 20; do
        n=$((n + 1)); echo $n > next; mv next n; echo $n >> ${steps}
        test -z "$stop" || exit 1
        test $((n % 5)) -ne 0 || test $n -eq 20 || { sleep 1000 & wait; exit 1; }
      done`
    const run = await batch.run({ ...quiet, wait: false })
    const machines: string[] = []
    for (const reached of [5, 10, 15]) {
      await vi.waitFor(
        async () => expect(await readFile(steps, 'utf8')).toMatch(new RegExp(`^${reached}\n$`, 'm')),
        patience,
      )
      const { worker = '' } = await run.job(job).status()
      machines.push(worker.split('.')[0] ?? '')
      service.world().preempt(machines.at(-1) ?? '')
    }
    expect((await run.wait()).state).toBe('success')
    expect(await readFile(steps, 'utf8')).toBe(Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join(''))
    expect(await readFile(starts, 'utf8')).toBe('0\n5\n10\n15\n')
    const attempts = await run.job(job).attempts()
    const taken = expect.stringContaining('taken away')
    expect(attempts.map(({ reason }) => reason)).toEqual([taken, taken, taken, undefined])
    // The fourth is on a machine that nobody takes away: after three preemptions in a row it is no Spot machine.
    expect(attempts.at(-1)?.worker).toContain('standard')
    expect(new Set(machines).size).toBe(3)
  })
})
