import { describe, expect, test } from 'vitest'
import { makeComputeBed } from './compute-bed.ts'
import { launch, request } from './launching.ts'
import { spotPool, zones } from './world-fixture.ts'

const shape = { isSpot: true }

describe('a launch on Compute Engine', () => {
  test('is one request for any number of machines, of the first type that a zone has', async () => {
    const bed = await makeComputeBed({
      roomIn: ({ zone, machineType }) => (machineType.startsWith('n2d') ? (zone.endsWith('-a') ? 300 : 100) : 2000),
    })
    const wanted = request(1000)
    expect(await launch(bed, wanted)).toEqual({ kind: 'launched', names: wanted.names })
    expect(bed.world.rates.busiestMinute.get('bulkInsert')).toBe(1)
    const types = bed.world.instances.map(({ machineType, zone }) => `${machineType} ${zone}`)
    expect(types.filter((type) => type.startsWith('n2d'))).toHaveLength(400)
    expect(await bed.fleet.list()).toHaveLength(1000)
  })

  test('says that it is under way, and what became of it once asked later', async () => {
    const bed = await makeComputeBed()
    const result = await bed.fleet.launch(request(1))
    expect(result).toEqual({ kind: 'underWay', operation: 'operation-1' })
    bed.hours.pass(8000)
    expect(await bed.fleet.follow(request(1), 'operation-1')).toEqual({ kind: 'launched', names: request(1).names })
    expect((await bed.fleet.follow(request(1), 'operation-99')).kind).toBe('launched')
  })

  test('whose answer is lost makes its machines once when it is repeated', async () => {
    const bed = await makeComputeBed()
    bed.server.faults.add({ call: 'bulkInsert', kind: 'lostAnswer' })
    await expect(bed.fleet.launch(request(3))).rejects.toThrow()
    expect(bed.world.instances).toHaveLength(3)
    expect((await launch(bed, request(3))).kind).toBe('launched')
    expect(bed.world.instances).toHaveLength(3)
  })

  test('brings some of the machines, and names the zones that have no more', async () => {
    const bed = await makeComputeBed({ roomIn: ({ machineType }) => (machineType.startsWith('n2d') ? 2 : 0) })
    const result = await launch(bed, request(10))
    expect(result).toMatchObject({ kind: 'launched', refusal: { cause: 'stockout', zones } })
    expect(result.kind === 'launched' && result.names).toHaveLength(4)
  })

  test('into zones that are all dry is refused, naming them', async () => {
    const bed = await makeComputeBed({ roomIn: () => 0 })
    expect(await launch(bed, request(2))).toMatchObject({
      kind: 'refused',
      cause: 'stockout',
      zones,
      families: ['n2d', 'n2'],
    })
    expect(bed.world.instances).toEqual([])
  })

  test('over a quota is refused with its name, for the families that it is about', async () => {
    const bed = await makeComputeBed({ quotas: { 'us-central1': { PREEMPTIBLE_CPUS: 8 } } })
    expect(await launch(bed, request(1))).toMatchObject({
      kind: 'refused',
      cause: 'quota',
      quota: 'PREEMPTIBLE_CPUS',
      families: ['n2d', 'n2'],
    })
    const standard = await makeComputeBed({ quotas: { 'us-central1': { N2_CPUS: 8 } } })
    const wanted = request(1, { isSpot: false, machineTypes: ['n2-standard-16'] })
    expect(await launch(standard, wanted)).toMatchObject({ quota: 'N2_CPUS', families: ['n2'] })
  })

  test('takes what a quota allows', async () => {
    const bed = await makeComputeBed({ quotas: { 'us-central1': { PREEMPTIBLE_CPUS: 40 } } })
    const result = await launch(bed, request(5))
    expect(result).toMatchObject({ kind: 'launched', refusal: { cause: 'quota', quota: 'PREEMPTIBLE_CPUS' } })
    expect(result.kind === 'launched' && result.names).toHaveLength(2)
  })

  test('that comes too fast is refused, and may come again', async () => {
    const bed = await makeComputeBed()
    bed.server.faults.add({ call: 'bulkInsert', kind: 'status', status: 429, reason: 'rateLimitExceeded' })
    expect(await bed.fleet.launch(request(1))).toMatchObject({ kind: 'refused', cause: 'rate' })
    expect((await launch(bed, request(1))).kind).toBe('launched')
  })

  test('is repeated after an answer that says nothing', async () => {
    const bed = await makeComputeBed()
    bed.server.faults.add({ call: 'bulkInsert', kind: 'status', status: 503, reason: 'backendError' })
    await expect(bed.fleet.launch(request(1))).rejects.toThrow('backendError')
    expect((await launch(bed, request(1))).kind).toBe('launched')
  })

  test('finds its machines there when it is told so', async () => {
    const bed = await makeComputeBed()
    bed.server.faults.add({ call: 'bulkInsert', kind: 'status', status: 409, reason: 'alreadyExists' })
    expect(await bed.fleet.launch(request(1))).toEqual({ kind: 'launched', names: request(1).names })
  })

  test('that can never succeed says why', async () => {
    const bed = await makeComputeBed()
    bed.server.faults.add({ call: 'bulkInsert', kind: 'status', status: 403, reason: 'forbidden' })
    expect(await bed.fleet.launch(request(1))).toEqual({
      kind: 'impossible',
      message: expect.stringContaining('forbidden'),
    })
    expect(await bed.fleet.launch(request(1, { machineTypes: [] }))).toEqual({
      kind: 'impossible',
      message: 'there is no such machine',
    })
  })
})

describe('machines of Compute Engine', () => {
  test('are offered by region, the cheapest family first, and of regions that a job names', async () => {
    const { fleet } = await makeComputeBed()
    const offers = (await fleet.offers(shape)).filter(({ tier }) => tier === undefined)
    expect(offers.map(({ region, machineType }) => `${region} ${machineType}`)).toEqual([
      'us-central1 e2-standard-16',
      'us-central1 n2d-standard-16',
      'us-central1 n2-standard-16',
      'us-east1 e2-standard-16',
      'us-east1 n2d-standard-16',
      'us-east1 n2-standard-16',
    ])
    const smaller = (await fleet.offers(shape)).filter(({ tier, family }) => tier !== undefined && family === 'n2d')
    expect(smaller.map(({ region, machineType, tier }) => `${tier} ${region} ${machineType}`)).toEqual([
      '1 us-central1 n2d-standard-8',
      '2 us-central1 n2d-standard-4',
      '3 us-central1 n2d-standard-2',
      '1 us-east1 n2d-standard-8',
      '2 us-east1 n2d-standard-4',
      '3 us-east1 n2d-standard-2',
    ])
    const there = await fleet.offers({ ...shape, regions: ['us-east1'], machineType: 'n2-highmem-8' })
    expect(there).toMatchObject([{ region: 'us-east1', machineType: 'n2-highmem-8', family: 'n2' }])
  })

  test('that nobody sees yet are not listed, and those of another deployment never', async () => {
    const bed = await makeComputeBed()
    await bed.fleet.launch(request(1))
    expect(await bed.fleet.list()).toEqual([])
    bed.hours.pass(3000)
    expect(await bed.fleet.list()).toMatchObject([{ state: 'booting', pool: spotPool, cpuMillis: 16_000 }])
    bed.hours.pass(20_000)
    expect(await bed.fleet.list()).toMatchObject([{ state: 'running' }])
  })

  test('that were preempted, or have switched themselves off, are told apart', async () => {
    const bed = await makeComputeBed()
    await bed.fleet.launch(request(2))
    bed.hours.pass(30_000)
    bed.world.preempt('graupel-spot-7-0-0')
    bed.world.powerOff('graupel-spot-7-0-1')
    const states = (await bed.fleet.list()).map(({ name, state }) => `${name} ${state}`)
    expect(states).toEqual(['graupel-spot-7-0-0 stopping', 'graupel-spot-7-0-1 off'])
    await bed.fleet.remove('graupel-spot-7-0-1')
    bed.hours.pass(30_000)
    expect(await bed.fleet.list()).toEqual([])
  })

  test('end by themselves at the latest after their longest life', async () => {
    const bed = await makeComputeBed()
    await bed.fleet.launch(request(1))
    bed.hours.pass(24 * 3_600_000 + 60_000)
    expect(bed.world.instances).toEqual([])
  })

  test('are listed over many pages', async () => {
    const bed = await makeComputeBed()
    await bed.fleet.launch(request(1000))
    await bed.fleet.launch({ ...request(0), names: ['graupel-spot-8-0-0'], requestId: 'graupel-spot-8-0' })
    bed.hours.pass(3000)
    expect(await bed.fleet.list()).toHaveLength(1001)
  })

  test('in a zone that does not answer are hidden, and those elsewhere are not', async () => {
    const dark = new Set<string>()
    const bed = await makeComputeBed({
      isUnreachable: (zone) => dark.has(zone),
      roomIn: ({ zone }) => (zone === 'us-central1-c' ? 0 : 1),
    })
    await bed.fleet.launch(request(2))
    bed.hours.pass(30_000)
    const all = await bed.fleet.list()
    expect(all).toHaveLength(2)
    dark.add('us-central1-a')
    const [seen, ...others] = (await bed.fleet.list()).map(({ name }) => name)
    expect(others).toEqual([])
    const hidden = all.map(({ name }) => name).filter((name) => name !== seen)
    expect(hidden.map((name) => bed.fleet.hides(name))).toEqual([true])
    expect(bed.fleet.hides(seen ?? '')).toBe(false)
    // Of a machine that this instance has never seen nobody knows where it is.
    expect(bed.fleet.hides('graupel-spot-6-0-0')).toBe(true)
    dark.clear()
    expect(await bed.fleet.list()).toHaveLength(2)
    expect(bed.fleet.hides('graupel-spot-6-0-0')).toBe(false)
  })

  test('are not hidden by a zone of a region that is not theirs', async () => {
    const bed = await makeComputeBed({
      regions: { 'us-central1': zones, 'asia-east1': ['asia-east1-a'] },
      isUnreachable: (zone) => zone === 'asia-east1-a',
    })
    expect(await bed.fleet.list()).toEqual([])
    expect(bed.fleet.hides('graupel-spot-6-0-0')).toBe(false)
  })

  test('whose removal is slow are removed once', async () => {
    const bed = await makeComputeBed({ timing: { operationMs: 0, bootMs: 1, deleteMs: 600_000, listLagMs: 0 } })
    await bed.fleet.launch(request(1))
    bed.hours.pass(10)
    await bed.fleet.remove('graupel-spot-7-0-0')
    await bed.fleet.remove('graupel-spot-7-0-0')
    expect(await bed.fleet.list()).toMatchObject([{ state: 'stopping' }])
    bed.hours.pass(600_000)
    expect(await bed.fleet.list()).toEqual([])
  })
})

test('the strict server refuses what Compute Engine would', async () => {
  const bed = await makeComputeBed()
  const insert = (change: object) => () =>
    bed.world.bulkInsert('us-central1', '00000000-0000-5000-8000-000000000000', { count: 1, ...change })
  expect(insert({})).toThrow('is not valid')
  expect(() => bed.world.bulkInsert('nowhere', 'x', {})).toThrow('is not valid')
  expect(() => bed.world.operation('us-central1', 'none')).toThrow('was not found')
  const answer = await fetch(`http://${bed.server.host}/compute/v1/projects/project-1/global/networks`)
  expect(answer.status).toBe(501)
  expect(bed.server.unexpected).toHaveLength(1)
  Reflect.set(bed.server.unexpected, 'length', 0)
})

test('a job that is larger than the common machine is offered one to its measure', async () => {
  const { fleet } = await makeComputeBed()
  const typesFor = async (cores: number, memoryGiB: number) =>
    (await fleet.offers({ isSpot: true, size: { cores, memoryGiB }, regions: ['us-east1'] })).map(
      (offer) => offer.machineType,
    )
  expect(await typesFor(20, 80)).toEqual(['e2-custom-20-87040', 'n2-custom-20-87040', 'n2d-custom-32-87040'])
  expect(await typesFor(64, 256)).toEqual(['n2d-custom-64-270336', 'n2-custom-64-270336'])
  expect(await typesFor(400, 256)).toEqual([])
})
