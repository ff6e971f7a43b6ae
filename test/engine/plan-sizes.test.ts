import { type MachineOffer, noLimits } from 'graupel/engine'
import { newWorkerRecord } from 'graupel/kernel'
import { batchId, machineNameOf, poolId, type Resources, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import type { BatchDemand } from '../../client/src/engine/batch-caps.ts'
import { trip } from '../../client/src/engine/breakers.ts'
import { noteOutcome } from '../../client/src/engine/launch-outcome.ts'
import type { PoolSight } from '../../client/src/engine/launch-plan.ts'
import { bootingSizes, planSizes } from '../../client/src/engine/plan-sizes.ts'
import { newPool } from '../../client/src/engine/pool-record.ts'

const pool = poolId('spot')
const sizeOf = (cores: number): Resources => ({
  cpuMillis: cores * 1000,
  memoryBytes: cores * 2 ** 32,
  storageBytes: 0,
})
const jobs = (cores: number, count: number): BatchDemand => ({
  batch: batchId('somebatch'),
  groups: [{ need: { ...sizeOf(cores), memoryBytes: 1 }, count }],
  used: { machines: 0, cpus: 0, dollarsPerHour: 0 },
})

/** As the common machine of 8 cores is offered: smaller ones, and a larger one for large jobs. */
const offers = [8, 4, 2, 16].map(
  (cores, tier): MachineOffer => ({
    region: 'here',
    family: 'n2',
    machineType: `n2-standard-${cores}`,
    isSpot: true,
    ...(tier > 0 && { tier }),
    capacity: sizeOf(cores),
    dollarsPerHour: cores / 100,
  }),
)

function sight(change: Partial<PoolSight>): PoolSight {
  const given = {
    prefix: 'graupel',
    pool,
    window: 7,
    at: 1_000_000,
    demand: [],
    machines: [],
    workers: [],
    machineOf: ({ id }: { readonly id: ReturnType<typeof workerId> }) => machineNameOf(id),
    record: newPool(pool),
    reservations: [],
    offers,
    fallback: [],
    onDemandAfterMs: Number.POSITIVE_INFINITY,
    shape: { isSpot: true },
    maxJobsPerWorker: Number.POSITIVE_INFINITY,
    limits: noLimits,
    ...change,
  }
  return { sizeOf: bootingSizes(given), ...given }
}

const launched = (given: PoolSight) => {
  const { intent } = planSizes(given)
  return intent === undefined ? 'nothing' : `${intent.names.length} ${intent.machineTypes.join()}`
}

/** After the cloud has said that there is a quota of cores. */
const refused = (...tiers: number[]) => ({
  ...newPool(pool),
  breakers: tiers.reduce(
    (breakers, tier) =>
      trip(breakers, [{ region: 'here', family: 'n2', isSpot: true, tier }], quota('PREEMPTIBLE_CPUS'), 1_000_000),
    newPool(pool).breakers,
  ),
})
const quota = (name: string) => ({ cause: 'quota', message: 'over the quota', quota: name }) as const

describe('the size of a machine', () => {
  test('is the one that is wanted while there is room for it', () => {
    expect(launched(sight({ demand: [jobs(1, 20)] }))).toBe('3 n2-standard-8')
  })

  test('is larger for a job that does not fit it', () => {
    expect(launched(sight({ demand: [jobs(12, 1), jobs(1, 4)] }))).toBe('1 n2-standard-16')
  })

  test('is smaller where a cap has no room for it', () => {
    const limits = { ...noLimits, deployment: { cpus: 6 } }
    expect(launched(sight({ demand: [jobs(1, 20)], limits }))).toBe('1 n2-standard-4')
    expect(launched(sight({ demand: [jobs(1, 20)], limits: { ...limits, deployment: { cpus: 3 } } }))).toBe(
      '1 n2-standard-2',
    )
  })

  test('is smaller after the cloud has refused a larger one for a quota of cores', () => {
    expect(launched(sight({ demand: [jobs(1, 20)], record: refused(0) }))).toBe('5 n2-standard-4')
    expect(launched(sight({ demand: [jobs(1, 20)], record: refused(0, 1) }))).toBe('10 n2-standard-2')
    const all = planSizes(sight({ demand: [jobs(1, 20)], record: refused(0, 1, 2, 3) }))
    expect(all).toMatchObject({ intent: undefined, waiting: { cause: 'quota' }, mustLookAgain: true })
  })

  test('is no matter of stock-outs, or of other quotas', () => {
    const intent = planSizes(sight({ demand: [jobs(1, 4)], record: refused(0) })).intent
    if (intent === undefined) throw new Error('a machine is asked for')
    expect(intent.tier).toBe(1)
    const breakersAfter = (refusal: object) =>
      noteOutcome(newPool(pool), intent, { kind: 'refused', ...quota('SSD_TOTAL_GB'), ...refusal }, 0).breakers
    expect(breakersAfter({ quota: 'N2_CPUS' })).toMatchObject([{ family: 'n2', tier: 1 }])
    for (const refusal of [{}, { cause: 'stockout' }]) expect(breakersAfter(refusal)[0]).not.toHaveProperty('tier')
  })

  test('lets jobs run that fit a smaller machine while a larger job waits for a quota', () => {
    const demand = [jobs(12, 1), jobs(1, 4)]
    expect(launched(sight({ demand, record: refused(3) }))).toBe('1 n2-standard-8')
    const worker = { ...newWorkerRecord(workerId('m.1'), pool, 0, 60_000), free: sizeOf(4) }
    const machine = { name: 'm', pool, createdAt: 0, state: 'running', cpuMillis: 8000, dollarsPerHour: 0 } as const
    const plan = planSizes(sight({ demand, record: refused(3), machines: [machine], workers: [worker] }))
    expect(plan).toMatchObject({ intent: undefined, waiting: { cause: 'quota' } })
  })

  test('of machines that boot is what they will have, not what is asked for now', () => {
    const machine = (name: string, cores: number) =>
      ({ name, pool, createdAt: 999_000, state: 'booting', cpuMillis: cores * 1000, dollarsPerHour: 0 }) as const
    expect(launched(sight({ demand: [jobs(1, 10)], machines: [machine('small', 2)] }))).toBe('1 n2-standard-8')
    expect(launched(sight({ demand: [jobs(1, 12)], machines: [machine('large', 16)] }))).toBe('nothing')
    const intent = { window: 6, requestId: 'r', region: 'here', isSpot: true, names: ['coming'], at: 999_000 }
    const record = { ...newPool(pool), intents: [{ ...intent, machineTypes: ['n2-standard-16'], tier: 3 }] }
    expect(launched(sight({ demand: [jobs(1, 12)], record }))).toBe('nothing')
  })
})
