import { type Machine, type MachineOffer, noLimits } from 'graupel/engine'
import { newWorkerRecord } from 'graupel/kernel'
import { batchId, machineNameOf, poolId, poolOf, type Resources, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import type { BatchDemand } from '../../client/src/engine/batch-caps.ts'
import { trip } from '../../client/src/engine/breakers.ts'
import type { Usage } from '../../client/src/engine/fleet-limits.ts'
import { bootLimitMs, type PoolSight, planLaunch } from '../../client/src/engine/launch-plan.ts'
import { type LaunchIntent, newPool } from '../../client/src/engine/pool-record.ts'
import { template } from './batch-fixtures.ts'

const pool = poolId('spot')

const core: Resources = { cpuMillis: 1000, memoryBytes: 2 ** 30, storageBytes: 0 }
const nothing = { machines: 0, cpus: 0, dollarsPerHour: 0 }
const batch = batchId('abcdefgh')
const ready = (count: number, used: Usage = nothing): BatchDemand[] => [
  { batch, groups: [{ need: core, count }], used },
]
const size: Resources = { cpuMillis: 4000, memoryBytes: 2 ** 34, storageBytes: 2 ** 40 }

const stockout = { cause: 'stockout', message: 'there are none' } as const

const offer = (region: string, family: string, isSpot = true): MachineOffer => ({
  region,
  family,
  machineType: `${family}-standard-4`,
  isSpot,
  capacity: size,
  dollarsPerHour: isSpot ? 0.1 : 0.4,
})

const sight = (change: Partial<PoolSight>): PoolSight => ({
  prefix: 'graupel',
  pool,
  window: 7,
  at: 1_000_000,
  demand: [],
  machines: [],
  workers: [],
  machineOf: (worker) => machineNameOf(worker.id),
  sizeOf: () => undefined,
  record: newPool(pool),
  reservations: [],
  offers: [offer('here', 'n2d'), offer('here', 'n2'), offer('there', 'n2')],
  fallback: [offer('here', 'n2', false)],
  onDemandAfterMs: 900_000,
  shape: { isSpot: true },
  maxJobsPerWorker: Number.POSITIVE_INFINITY,
  limits: { ...noLimits, pool: { machines: 10 } },
  ...change,
})

const machine = (name: string, createdAt = 999_000): Machine => ({
  name,
  pool,
  createdAt,
  state: 'running',
  cpuMillis: 4000,
  dollarsPerHour: 0.1,
})
const intended = (change: Partial<LaunchIntent>): LaunchIntent => ({
  window: 6,
  requestId: 'r',
  region: 'here',
  isSpot: true,
  machineTypes: ['n2-standard-4'],
  names: ['coming'],
  at: 990_000,
  ...change,
})
const active = (name: string) => newWorkerRecord(workerId(`${name}.1`), pool, 0, 60_000)

describe('the plan of a launch', () => {
  test('asks for nothing and looks no further when there is no work and nothing boots', () => {
    expect(planLaunch(sight({}))).toEqual({
      intent: undefined,
      reservation: undefined,
      reservations: [],
      repeated: [],
      intents: [],
      remove: [],
      waiting: undefined,
      held: {},
      mustLookAgain: false,
    })
  })

  test('asks for as many machines as the ready jobs fill', () => {
    const plan = planLaunch(sight({ demand: ready(9) }))
    expect(plan.intent?.names).toHaveLength(3)
    expect(plan.mustLookAgain).toBe(true)
  })

  test('never asks for more than the cap', () => {
    expect(planLaunch(sight({ demand: ready(1_000_000) })).intent?.names).toHaveLength(10)
  })

  test('takes the room of live and booting machines off what it asks for', () => {
    const plan = planLaunch(
      sight({
        demand: ready(12),
        machines: [machine('busy'), machine('booting')],
        workers: [{ ...active('busy'), free: { ...core, cpuMillis: 0 } }],
      }),
    )
    expect(plan.intent?.names).toHaveLength(2)
  })

  test('counts a machine that was intended and is not listed yet, and forgets it when it never appears', () => {
    const intent = intended({})
    const record = { ...newPool(pool), intents: [intent] }
    expect(planLaunch(sight({ demand: ready(1), record })).intent).toBeUndefined()
    const later = planLaunch(sight({ demand: ready(1), record, at: 2_000_000 }))
    expect(later.intent?.names).toHaveLength(1)
  })

  test('does not wait for a machine that was seen once and has gone: another takes its place', () => {
    const intent = intended({ names: ['short-lived'] })
    const before = sight({ demand: ready(1), record: { ...newPool(pool), intents: [intent] } })
    const { intents } = planLaunch({ ...before, machines: [machine('short-lived')] })
    const after = planLaunch({ ...before, record: { ...newPool(pool), intents: [...intents] } })
    expect(after.intent?.names).toHaveLength(1)
  })

  test('repeats a launch of the same window whose machines nobody has seen', () => {
    const intent = intended({ window: 7, names: ['one', 'two'], at: 999_000 })
    const plan = planLaunch(sight({ machines: [machine('one')], record: { ...newPool(pool), intents: [intent] } }))
    expect(plan.repeated).toEqual([{ ...intent, names: ['two'] }])
    expect(planLaunch(sight({ window: 8, record: { ...newPool(pool), intents: [intent] } })).repeated).toEqual([])
  })

  test('removes a machine that has not registered within its boot limit, and replaces it', () => {
    const stale = machine('stale', 1_000_000 - bootLimitMs - 1)
    const plan = planLaunch(sight({ demand: ready(1), machines: [stale] }))
    expect(plan.remove).toEqual(['stale'])
    expect(plan.intent?.names).toHaveLength(1)
  })

  test('does not count a worker that is leaving', () => {
    const plan = planLaunch(
      sight({
        demand: ready(1),
        machines: [machine('m')],
        workers: [{ ...active('m'), state: 'leaving' }],
      }),
    )
    expect(plan.intent?.names).toHaveLength(1)
  })

  test('gives the same names for the same window, so that a retry makes no second machine', () => {
    const once = planLaunch(sight({ demand: ready(5) })).intent
    expect(planLaunch(sight({ demand: ready(5) })).intent).toEqual(once)
  })

  test('asks for all families of the first region, and for those that are not dry', () => {
    expect(planLaunch(sight({ demand: ready(1) })).intent).toMatchObject({
      region: 'here',
      machineTypes: ['n2d-standard-4', 'n2-standard-4'],
    })
    const record = { ...newPool(pool), breakers: trip([], [offer('here', 'n2d')], stockout, 1_000_000) }
    expect(planLaunch(sight({ demand: ready(1), record })).intent?.machineTypes).toEqual(['n2-standard-4'])
  })

  test('moves on to the next region, and comes back when the pause is over', () => {
    const places = [offer('here', 'n2d'), offer('here', 'n2')]
    const record = { ...newPool(pool), breakers: trip([], places, stockout, 1_000_000) }
    expect(planLaunch(sight({ demand: ready(1), record })).intent?.region).toBe('there')
    expect(planLaunch(sight({ demand: ready(1), record, at: 1_030_000 })).intent?.region).toBe('here')
  })

  test('says which zones are dry when nothing is to be had, and since when', () => {
    const zoned = { ...stockout, zones: ['here-a', 'here-b'] }
    const breakers = trip([], sight({}).offers, zoned, 1_000_000)
    const record = { ...newPool(pool), breakers, spotRefusedSince: 1_000_000 }
    const plan = planLaunch(sight({ demand: ready(1), record }))
    expect(plan.intent).toBeUndefined()
    expect(plan.waiting).toEqual({
      cause: 'stockout',
      message: 'capacity: here-a, here-b have no n2, n2d left',
      since: 1_000_000,
    })
    const later = planLaunch(sight({ demand: ready(1), record: { ...record, waiting: plan.waiting }, at: 1_010_000 }))
    expect(later.waiting?.since).toBe(1_000_000)
  })

  test('names the quota that is reached', () => {
    const quota = { cause: 'quota', message: 'Quota exceeded', quota: 'PREEMPTIBLE_CPUS' } as const
    const record = { ...newPool(pool), breakers: trip([], sight({}).offers, quota, 1_000_000) }
    expect(planLaunch(sight({ demand: ready(1), record })).waiting?.message).toBe(
      'a higher quota, or others to end: PREEMPTIBLE_CPUS in here, PREEMPTIBLE_CPUS in there',
    )
  })

  test('takes other machines when there has been no Spot one for long, and still in the pool', () => {
    const breakers = trip([], sight({}).offers, stockout, 2_000_000)
    const record = { ...newPool(pool), breakers, spotRefusedSince: 1_000_000 }
    const early = planLaunch(sight({ demand: ready(1), record, at: 1_899_999 }))
    expect(early.intent).toBeUndefined()
    expect(planLaunch(sight({ demand: ready(1), record, at: 1_900_000 })).intent).toMatchObject({
      isSpot: false,
      machineTypes: ['n2-standard-4'],
    })
  })

  test('counts what other pools have decided on against the cap of all', () => {
    const limits = { ...noLimits, deployment: { cpus: 20 } }
    const reserved = {
      pool: poolId('standard'),
      stem: 's',
      machines: 3,
      cpuMillis: 4000,
      dollarsPerHour: 1,
      at: 990_000,
    }
    const plan = planLaunch(sight({ demand: ready(100), limits, reservations: [reserved] }))
    expect(plan.intent?.names).toHaveLength(2)
    expect(plan.waiting).toMatchObject({
      cause: 'limit',
      message: 'others to end: the deployment may have 20 cores at once',
    })
    const listed = planLaunch(sight({ demand: ready(100), limits, reservations: [{ ...reserved, at: 0 }] }))
    expect(listed.intent?.names).toHaveLength(5)
  })

  test.each([
    ['machines', { machines: 3 }, { ...nothing, machines: 1 }, 2, '3 machines at once'],
    ['cores', { cpus: 10 }, { ...nothing, cpus: 4 }, 2, '10 cores at once'],
    // A job takes a quarter of a machine of ten cents an hour.
    ['dollars', { dollarsPerHour: 0.3 }, { ...nothing, dollarsPerHour: 0.15 }, 2, 'machines for $0.3 an hour'],
  ])('keeps to the %s of a batch, and says so once it has all of them', (_, cap, used, count, words) => {
    const limits = { ...noLimits, batch: cap }
    const plan = planLaunch(sight({ demand: ready(100, used), limits }))
    expect(plan.intent?.names).toHaveLength(count)
    expect(plan.held).toEqual({})
    const full = { machines: 3, cpus: 10, dollarsPerHour: 0.3 }
    const later = planLaunch(sight({ demand: ready(100, full), limits }))
    expect(later.intent).toBeUndefined()
    expect(later.waiting).toBeUndefined()
    expect(later.mustLookAgain).toBe(true)
    const told = { cause: 'limit', message: `others to end: the batch may have ${words}`, since: 1_000_000 }
    expect(later.held).toEqual({ [batch]: told })
    const again = { ...newPool(pool), held: later.held }
    expect(planLaunch(sight({ demand: ready(100, full), limits, record: again, at: 2_000_000 })).held[batch]).toEqual(
      told,
    )
  })

  test('holds one batch back by its cap, and makes machines for another', () => {
    const other = ready(8).map((one) => ({ ...one, batch: batchId('otherbatch') }))
    const limits = { ...noLimits, batch: { machines: 1 } }
    const plan = planLaunch(sight({ demand: [...ready(100, { ...nothing, machines: 1 }), ...other], limits }))
    expect(plan.intent?.names).toHaveLength(1)
    expect(Object.keys(plan.held)).toEqual([batch])
  })

  test('counts a whole machine for each job that shares none', () => {
    const limits = { ...noLimits, batch: { machines: 2 } }
    expect(planLaunch(sight({ demand: ready(9), limits, maxJobsPerWorker: 1 })).intent?.names).toHaveLength(2)
  })

  test('says that a limit is too low for a job that it can never let run', () => {
    const limits = { ...noLimits, batch: { cpus: 0.5 } }
    expect(planLaunch(sight({ demand: ready(1), limits })).held[batch]?.message).toBe(
      'a higher limit, because it needs more: the batch may have 0.5 cores at once',
    )
    const dear = { ...noLimits, pool: { dollarsPerHour: 0.01 } }
    expect(planLaunch(sight({ demand: ready(1), limits: dear })).waiting?.message).toBe(
      'a higher limit, because it needs more: the pool may have machines for $0.01 an hour',
    )
  })

  test('says of no job that a machine starts for it where workers have room', () => {
    const free = { ...active('here'), free: size }
    const plan = planLaunch(sight({ demand: ready(1), workers: [free], machines: [machine('here')] }))
    expect(plan.intent).toBeUndefined()
    expect(plan.waiting).toBeUndefined()
  })

  test('gives the room of a machine that has come and gone to another', () => {
    const limits = { ...noLimits, pool: { machines: 1 } }
    const reserved = { pool, stem: 'graupel-spot-7-0', machines: 1, cpuMillis: 4000, dollarsPerHour: 1, at: 990_000 }
    const intent = intended({ requestId: 'graupel-spot-7-0', names: ['graupel-spot-7-0-0'] })
    const now = sight({ demand: ready(1), limits, reservations: [reserved] })
    const coming = planLaunch({ ...now, record: { ...newPool(pool), intents: [intent] } })
    expect(coming.intent).toBeUndefined()
    const gone = planLaunch({ ...now, record: { ...newPool(pool), intents: [{ ...intent, names: [] }] } })
    expect(gone.intent?.names).toHaveLength(1)
    expect(gone.reservations).toEqual([{ ...reserved, machines: 0 }])
  })

  test('names machines by the deployment, and no name is longer than the cloud takes', () => {
    const longest = { isSpot: false, machineType: 'n2-custom-80-655360', regions: ['europe-southwest1'] }
    const own = poolOf({ ...template({}), ...longest, spot: false }, undefined)
    const window = Math.floor(Date.UTC(2100, 0) / 5000)
    const given = sight({ prefix: 'a-name-of-16-let', pool: own, window, demand: ready(4000), limits: noLimits })
    const names = planLaunch(given).intent?.names ?? []
    expect(names).toHaveLength(1000)
    expect(names.at(-1)).toMatch(/^a-name-of-16-let-standard-[a-z0-9]+-[a-z0-9]+-0-999$/)
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(63)
    const other = planLaunch({ ...given, prefix: 'graupel' }).intent
    expect(other?.requestId).not.toBe(planLaunch(given).intent?.requestId)
    expect(other?.names.filter((name) => names.includes(name))).toEqual([])
  })

  test('removes machines that have switched themselves off, a few at a time', () => {
    const machines = Array.from({ length: 60 }, (_, index): Machine => ({ ...machine(`m-${index}`), state: 'off' }))
    const plan = planLaunch(sight({ machines }))
    expect(plan.remove).toHaveLength(50)
    expect(plan.mustLookAgain).toBe(true)
  })

  test('gives a whole machine to each job that named it, and few jobs to a machine where that is asked for', () => {
    const whole = { isSpot: true, machineType: 'n2-standard-4' }
    expect(planLaunch(sight({ demand: ready(3), shape: whole })).intent?.names).toHaveLength(3)
    expect(planLaunch(sight({ demand: ready(3), maxJobsPerWorker: 1 })).intent?.names).toHaveLength(3)
    expect(planLaunch(sight({ demand: ready(3), maxJobsPerWorker: 2 })).intent?.names).toHaveLength(2)
  })
})
