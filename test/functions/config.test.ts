import { readConfig } from '@graupel/functions/config'
import { expect, test } from 'vitest'

const complete = {
  GRAUPEL_PROJECT: 'p',
  GRAUPEL_SERVICE_KEY: 'sixteen letters!',
  GRAUPEL_PROVISION_URL: 'https://provision.example',
  GRAUPEL_SWEEP_URL: 'https://sweep.example',
  GRAUPEL_WORKER_ACCOUNT: 'worker@p.example',
  GRAUPEL_PUSHER_ACCOUNT: 'pusher@p.example',
}

test('what is not said has a default', () => {
  expect(readConfig(complete)).toMatchObject({ project: 'p', database: '(default)', lanes: 8, topicPrefix: 'graupel' })
})

test('everything that is missing or wrong is named at once', () => {
  const read = () => readConfig({ ...complete, GRAUPEL_PROJECT: undefined, GRAUPEL_LANES: 'many' })
  expect(read).toThrow(/GRAUPEL_PROJECT[\s\S]*GRAUPEL_LANES|GRAUPEL_LANES[\s\S]*GRAUPEL_PROJECT/)
})

test('callers are checked unless it is said that anybody may call', () => {
  const without = { ...complete, GRAUPEL_WORKER_ACCOUNT: undefined }
  expect(readConfig(complete).callers).toEqual({ worker: 'worker@p.example', pusher: 'pusher@p.example' })
  expect(() => readConfig(without)).toThrow('GRAUPEL_WORKER_ACCOUNT')
  expect(readConfig({ ...without, GRAUPEL_CALLERS: 'anybody' }).callers).toBe('anybody')
})

test('queues are called by the deployment, unless they are named', () => {
  const read = (more: object) => readConfig({ ...complete, GRAUPEL_TOPIC_PREFIX: 'staging', ...more }).taskQueues
  expect(read({})).toEqual({ provision: 'staging-provision', sweep: 'staging-sweep' })
  expect(read({ GRAUPEL_SWEEP_QUEUE: 'staging-sweep-a1b2' }).sweep).toBe('staging-sweep-a1b2')
})

test('machines have caps and a way out when there are no Spot ones', () => {
  const read = (more: object) => readConfig({ ...complete, ...more }).machines
  expect(read({})).toMatchObject({
    limits: { pool: { machines: 100 }, deployment: {}, batch: {} },
    onDemandAfterMs: 15 * 60_000,
    regions: ['us-central1'],
  })
  expect(read({ GRAUPEL_ON_DEMAND_AFTER_MINUTES: 'never' }).onDemandAfterMs).toBeUndefined()
  expect(read({ GRAUPEL_MACHINE_REGIONS: 'us-east1, us-west1' }).regions).toEqual(['us-east1', 'us-west1'])
  expect(read({ GRAUPEL_MAX_DOLLARS_PER_HOUR_IN_ALL: '50' }).limits.deployment).toEqual({ dollarsPerHour: 50 })
  const every = {
    GRAUPEL_MAX_MACHINES: '1',
    GRAUPEL_MAX_CPUS_PER_POOL: '2',
    GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_POOL: '3',
    GRAUPEL_MAX_MACHINES_IN_ALL: '4',
    GRAUPEL_MAX_CPUS_IN_ALL: '5',
    GRAUPEL_MAX_DOLLARS_PER_HOUR_IN_ALL: '6',
    GRAUPEL_MAX_MACHINES_PER_BATCH: '7',
    GRAUPEL_MAX_CPUS_PER_BATCH: '8',
    GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_BATCH: '9',
    GRAUPEL_MAX_DOLLARS_PER_BATCH: '10',
  }
  expect(read(every).limits).toEqual({
    pool: { machines: 1, cpus: 2, dollarsPerHour: 3 },
    deployment: { machines: 4, cpus: 5, dollarsPerHour: 6 },
    batch: { machines: 7, cpus: 8, dollarsPerHour: 9 },
    dollarsPerBatch: 10,
  })
  expect(() => read({ GRAUPEL_MACHINE_REGIONS: ' ' })).toThrow('GRAUPEL_MACHINE_REGIONS')
})
