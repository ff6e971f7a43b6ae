import { readMachineEvent } from '@graupel/functions/sweep/machine-event'
import { makeSweepFunction } from '@graupel/functions/sweep/sweep-function'
import { MemoryFleet, noLimits, readWorker, systemClock, workerWrite } from 'graupel/engine'
import { newWorkerRecord } from 'graupel/kernel'
import { poolId, workerIdOn } from 'graupel/model'
import { expect, test } from 'vitest'
import { makeServices, postJson, serve, silentLog } from './hosted.ts'

const pushOf = (entry: unknown) => ({
  message: { data: Buffer.from(JSON.stringify(entry)).toString('base64'), messageId: '1' },
  subscription: 'projects/p/subscriptions/graupel-machines-sweep',
})

const entryOf = (methodName: string, name = 'graupel-spot-1-0-0') => ({
  protoPayload: { methodName, resourceName: `projects/p/zones/us-central1-a/instances/${name}` },
})

test("reads of Google's log which machine has gone, and whether it was taken away", () => {
  expect(readMachineEvent(pushOf(entryOf('compute.instances.preempted')))).toEqual({
    machine: 'graupel-spot-1-0-0',
    cause: 'preempted',
  })
  expect(readMachineEvent(pushOf(entryOf('v1.compute.instances.delete')))?.cause).toBe('infrastructure')
  expect(readMachineEvent(pushOf({ textPayload: 'hello' }))).toBeUndefined()
  expect(readMachineEvent({ message: { data: 'not json' } })).toBeUndefined()
})

test('takes the workers of a machine back as soon as it has gone', async () => {
  const { store, bus } = makeServices()
  const id = workerIdOn('graupel-spot-1-0-0', 1_700_000_000_000)
  const worker = newWorkerRecord(id, poolId('spot'), Date.now(), 180_000)
  await store.commit([workerWrite(worker, 'absent')])
  const fleet = new MemoryFleet({ launch: () => undefined, remove: () => undefined }, systemClock)
  const tasks = { enqueue: async () => 'created' as const }
  const rest = { clock: systemClock, log: silentLog, deployedLanes: 1, limits: noLimits }
  const url = await serve('sweep', makeSweepFunction({ store, bus, fleet, tasks, ...rest }))
  expect((await postJson(url, pushOf(entryOf('compute.instances.preempted')))).status).toBe(204)
  expect((await readWorker(store, id))?.record.state).toBe('gone')
  expect((await postJson(url, pushOf({ textPayload: 'hello' }))).status).toBe(204)
})
