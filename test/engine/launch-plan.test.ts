import { type Machine, type MachineOffer, noLimits } from 'graupel/engine'
import { newWorkerRecord } from 'graupel/kernel'
import { machineNameOf, poolId, type Resources, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { trip } from '../../client/src/engine/breakers.ts'
import { bootLimitMs, type PoolSight, planLaunch } from '../../client/src/engine/launch-plan.ts'
import type { Group } from '../../client/src/engine/pack-machines.ts'
import { type LaunchIntent, newPool } from '../../client/src/engine/pool-record.ts'

const pool = poolId('spot')

const core: Resources = { cpuMillis: 1000, memoryBytes: 2 ** 30, storageBytes: 0 }
const ready = (count: number): Group[] => [{ need: core, count }]
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
