import { newShardRecord, newWorkerRecord } from 'graupel/kernel'
import { batchId, machineNameOf, type PlanChunk, poolId, type ShardRecord, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { bootLimitMs, jobsPerMachineOf, type PoolSight, planLaunch } from '../../client/src/engine/launch-plan.ts'
import { newPool } from '../../client/src/engine/pool-record.ts'
import { template } from './batch-fixtures.ts'

const pool = poolId('spot')

const chunk: PlanChunk = {
  shard: 0,
  firstJob: 1,
  templates: [template({})],
  jobs: [{ template: 0, detail: { object: 'x' }, parents: [] }],
  inPorts: [],
  outPorts: [],
  reportsFailures: false,
}

const shard = newShardRecord(
  {
    batch: batchId('aaaaaaaa'),
    user: 'u',
    root: 'memory:///a',
    lanes: { count: 1, deployed: 1 },
    planHash: 'h',
    projection: 'all',
  },
  chunk,
  0,
)

const withCounts = (counts: Partial<ShardRecord['counts']>): ShardRecord => ({
  ...shard,
  counts: { ...shard.counts, pending: 0, ...counts },
})

const sight = (change: Partial<PoolSight>): PoolSight => ({
  pool,
  window: 7,
  at: 1_000_000,
  ready: [],
  machines: [],
  workers: [],
  machineOf: (worker) => machineNameOf(worker.id),
  record: newPool(pool),
  jobsPerMachine: 4,
  maxMachines: 10,
  region: 'here',
  ...change,
})

const machine = (name: string, createdAt = 999_000) => ({ name, pool, createdAt, state: 'running' as const })
const active = (name: string) => newWorkerRecord(workerId(`${name}.1`), pool, 0, 60_000)

describe('the plan of a launch', () => {
  test('asks for nothing and looks no further when there is no work and nothing boots', () => {
    const plan = { intent: undefined, repeated: [], intents: [], remove: [], mustLookAgain: false }
    expect(planLaunch(sight({}))).toEqual(plan)
  })

  test('asks for as many machines as the ready jobs fill', () => {
    const plan = planLaunch(sight({ ready: [withCounts({ ready: 9 })] }))
    expect(plan.intent?.names).toHaveLength(3)
    expect(plan.mustLookAgain).toBe(true)
  })

  test('never asks for more than the cap', () => {
    expect(planLaunch(sight({ ready: [withCounts({ ready: 1_000_000 })] })).intent?.names).toHaveLength(10)
  })

  test('takes live and booting machines off what it asks for', () => {
    const plan = planLaunch(
      sight({
        ready: [withCounts({ ready: 12, running: 4 })],
        machines: [machine('live'), machine('booting')],
        workers: [active('live')],
      }),
    )
    expect(plan.intent?.names).toHaveLength(2)
  })

  test('counts a machine that was intended and is not listed yet, and forgets it when it never appears', () => {
    const intent = { window: 6, requestId: 'r', region: 'here', names: ['coming'], at: 990_000 }
    const record = { ...newPool(pool), intents: [intent] }
    expect(planLaunch(sight({ ready: [withCounts({ ready: 1 })], record })).intent).toBeUndefined()
    const later = planLaunch(sight({ ready: [withCounts({ ready: 1 })], record, at: 2_000_000 }))
    expect(later.intent?.names).toHaveLength(1)
  })

  test('does not wait for a machine that was seen once and has gone: another takes its place', () => {
    const intent = { window: 6, requestId: 'r', region: 'here', names: ['short-lived'], at: 990_000 }
    const before = sight({ ready: [withCounts({ ready: 1 })], record: { ...newPool(pool), intents: [intent] } })
    const { intents } = planLaunch({ ...before, machines: [machine('short-lived')] })
    const after = planLaunch({ ...before, record: { ...newPool(pool), intents: [...intents] } })
    expect(after.intent?.names).toHaveLength(1)
  })

  test('repeats a launch of the same window whose machines nobody has seen', () => {
    const intent = { window: 7, requestId: 'r', region: 'here', names: ['one', 'two'], at: 999_000 }
    const plan = planLaunch(sight({ machines: [machine('one')], record: { ...newPool(pool), intents: [intent] } }))
    expect(plan.repeated).toEqual([{ ...intent, names: ['two'] }])
    expect(planLaunch(sight({ window: 8, record: { ...newPool(pool), intents: [intent] } })).repeated).toEqual([])
  })

  test('removes a machine that has not registered within its boot limit, and replaces it', () => {
    const stale = machine('stale', 1_000_000 - bootLimitMs - 1)
    const plan = planLaunch(sight({ ready: [withCounts({ ready: 1 })], machines: [stale] }))
    expect(plan.remove).toEqual(['stale'])
    expect(plan.intent?.names).toHaveLength(1)
  })

  test('does not count a worker that is leaving', () => {
    const plan = planLaunch(
      sight({
        ready: [withCounts({ ready: 1 })],
        machines: [machine('m')],
        workers: [{ ...active('m'), state: 'leaving' }],
      }),
    )
    expect(plan.intent?.names).toHaveLength(1)
  })

  test('gives the same names for the same window, so that a retry makes no second machine', () => {
    const once = planLaunch(sight({ ready: [withCounts({ ready: 5 })] })).intent
    expect(planLaunch(sight({ ready: [withCounts({ ready: 5 })] })).intent).toEqual(once)
  })
})

describe('one machine', () => {
  const services = { coresPerMachine: 16 }

  test('runs as many one-core jobs as it has cores, unless it is made for one job', () => {
    expect(jobsPerMachineOf({ isSpot: true }, services)).toBe(16)
    expect(jobsPerMachineOf({ isSpot: true, regions: ['here'] }, services)).toBe(16)
    expect(jobsPerMachineOf({ isSpot: true, size: { cores: 32, memoryGiB: 64 } }, services)).toBe(1)
    expect(jobsPerMachineOf({ isSpot: true, machineType: 'n2-highmem-8' }, services)).toBe(1)
    expect(jobsPerMachineOf({ isSpot: true, accelerator: { type: 'nvidia-l4', count: 1 } }, services)).toBe(1)
  })

  test('is launched for every job where workers run one at a time', () => {
    const jobsPerMachine = jobsPerMachineOf({ isSpot: true }, { ...services, maxJobsPerWorker: 1 })
    const plan = planLaunch(sight({ ready: [withCounts({ ready: 9 })], jobsPerMachine }))
    expect(plan.intent?.names).toHaveLength(9)
  })
})
