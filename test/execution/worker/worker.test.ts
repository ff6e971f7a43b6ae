import { type Assignment, type AttemptEnd, type AttemptRef, shardId } from 'graupel/model'
import { afterEach, describe, expect, it } from 'vitest'
import { WorkerBed } from './worker-bed.ts'

const beds: WorkerBed[] = []

function open(...args: ConstructorParameters<typeof WorkerBed>): WorkerBed {
  const bed = new WorkerBed(...args)
  beds.push(bed)
  return bed
}

afterEach(async () => {
  for (const bed of beds.splice(0)) {
    await bed.stop()
    expect(bed.clock.sleeping, 'timers that are left').toBe(0)
    expect(bed.service.openNumbers, 'numbers open at once').toBeLessThanOrEqual(1)
  }
})

const jobsOf = (refs: readonly AttemptRef[]) => refs.map(({ job }) => job)

describe('running', () => {
  it('tells the end of an attempt with its token', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.running.get(1)?.end({ cause: 'failed', exitCode: 3 })
    await bed.clock.pass(100)
    expect(bed.service.ends()).toMatchObject([
      { job: 1, attempt: 1, worker: 'machine.1', end: { cause: 'failed', exitCode: 3 }, token: 'token-1' },
    ])
  })

  it('lets ends travel together, by shard, while other jobs run', async () => {
    const bed = open({ maxJobs: 3, total: { cpuMillis: 3000, memoryBytes: 2 ** 34, storageBytes: 0 } })
    bed.service.give(0, bed.job(1), bed.job(2, { shard: shardId(1) }), bed.job(3))
    await bed.clock.pass(10)
    bed.running.get(1)?.end()
    await bed.clock.pass(20)
    bed.running.get(2)?.end()
    await bed.clock.pass(20)
    expect(bed.service.published).toEqual([])
    await bed.clock.pass(20)
    expect(bed.service.published.map(({ deliveries }) => deliveries.map(({ shard }) => shard))).toEqual([[0, 1]])
  })

  it('tells an end at once when nothing else runs that could end soon', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.running.get(1)?.end()
    await bed.clock.pass(0)
    expect(bed.service.ends()).toHaveLength(1)
  })

  it('tells the start of long attempts only', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1), bed.job(2))
    await bed.clock.pass(500)
    bed.running.get(1)?.end()
    await bed.clock.pass(2000)
    const starts = bed.service.events().filter(({ event }) => event.type === 'attemptStarted')
    expect(starts).toMatchObject([{ event: { job: 2 }, token: 'token-2' }])
  })

  it('gives a job that asks for more than the machine has all of it', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1, { memoryBytes: 2 ** 40 }), bed.job(2))
    await bed.clock.pass(10)
    expect(bed.started).toEqual([1])
    bed.running.get(1)?.end()
    await bed.clock.pass(0)
    expect(bed.started).toEqual([1, 2])
  })

  it('gives the cores and memory of a job to others while it stores its files, and its disk when it has ended', async () => {
    const bed = open({ maxJobs: 8 })
    const most = { cpuMillis: 2000, memoryBytes: 2 ** 33, storageBytes: 2 ** 32 }
    const large = (number: number) => {
      const template = { ...bed.job(number).template, ...most }
      return bed.job(number, { template, memoryBytes: most.memoryBytes })
    }
    bed.service.give(0, large(1), large(2), large(3))
    await bed.clock.pass(100)
    expect(bed.started).toEqual([1])
    bed.running.get(1)?.hooks.onCommandsEnded()
    await bed.clock.pass(100)
    expect(bed.started).toEqual([1, 2])
    bed.running.get(2)?.hooks.onCommandsEnded()
    await bed.clock.pass(100)
    expect(bed.started).toEqual([1, 2])
    bed.running.get(1)?.end()
    await bed.clock.pass(100)
    expect(bed.started).toEqual([1, 2, 3])
  })

  it('gives nothing of its machine to others while a job that is alone stores its files', async () => {
    const bed = open()
    bed.service.give(0, { ...bed.job(1), isAlone: true }, bed.job(2))
    await bed.clock.pass(10)
    bed.running.get(1)?.hooks.onCommandsEnded()
    await bed.clock.pass(1000)
    expect(bed.started).toEqual([1])
  })

  it('runs nothing beside a job under which workers were lost', async () => {
    const bed = open()
    bed.service.give(0, { ...bed.job(1), isAlone: true })
    bed.service.give(0, bed.job(2))
    await bed.clock.pass(10)
    expect(bed.started).toEqual([1])
    bed.running.get(1)?.end()
    await bed.clock.pass(1000)
    expect(bed.started).toEqual([1, 2])
  })
})

describe('a job that has its machine to itself', () => {
  const total = { cpuMillis: 8000, memoryBytes: 2 ** 35, storageBytes: 2 ** 35 }
  const standard = { cpuMillis: 1000, memoryBytes: 3.75 * 2 ** 30 }
  const accelerator = { type: 'nvidia-l4', count: 1 }
  const limitsOf = async (fields: Partial<Assignment['template']>, isAlone = true) => {
    const bed = open({ total })
    const template = { ...bed.job(1).template, ...standard, ...fields }
    bed.service.give(0, bed.job(1, { template, memoryBytes: template.memoryBytes, isAlone }))
    await bed.clock.pass(10)
    const { assignment } = bed.running.get(1) ?? {}
    return [assignment?.template.cpuMillis, assignment?.memoryBytes]
  }

  it('may use all of it if it asked for a machine and for no part of it', async () => {
    expect(await limitsOf({ machineType: 'n2-standard-8' })).toEqual([8000, 2 ** 35])
    expect(await limitsOf({ accelerator })).toEqual([8000, 2 ** 35])
  })

  it('keeps to what it asked for otherwise, and where others run beside it', async () => {
    expect(await limitsOf({ accelerator, cpuMillis: 2000, memoryBytes: 2 ** 33 })).toEqual([2000, 2 ** 33])
    expect(await limitsOf({})).toEqual([1000, standard.memoryBytes])
    expect(await limitsOf({ machineType: 'n2-standard-8' }, false)).toEqual([1000, standard.memoryBytes])
  })
})

describe('asking', () => {
  it('repeats a request that failed under its number', async () => {
    const bed = open()
    bed.service.isDown = true
    await bed.clock.pass(30_000)
    bed.service.isDown = false
    await bed.clock.pass(30_000)
    const numbers = bed.service.asked.map(({ request }) => request.request)
    expect(numbers.slice(0, 4)).toEqual([1, 1, 1, 1])
    expect(numbers.at(-1)).toBeGreaterThan(1)
  })

  it('breaks a wait off when it has more room, and asks again under the same number', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.service.give(0, bed.job(2, { template: { ...bed.job(2).template, cpuMillis: 2000 } }))
    await bed.clock.pass(100)
    expect(bed.started).toEqual([1])
    bed.running.get(1)?.end()
    await bed.clock.pass(0)
    expect(bed.started).toEqual([1, 2])
    expect(bed.service.asked.slice(0, 3).map(({ request }) => request.request)).toEqual([1, 2, 2])
  })

  it('asks every lane at once before it waits at one', async () => {
    const bed = open({ lanes: 4 })
    await bed.clock.pass(0)
    const asked = bed.service.asked
    expect(new Set(asked.slice(0, 4).map(({ lane }) => lane))).toEqual(new Set([0, 1, 2, 3]))
    expect(asked.map(({ request }) => request.waitMs)).toEqual([0, 0, 0, 0, 500])
    await bed.clock.pass(120_000)
    const waits = asked.filter(({ request }) => request.waitMs > 0)
    expect(new Set(waits.map(({ lane }) => lane)).size).toBe(4)
    expect(waits.at(-1)?.request.waitMs).toBe(20_000)
  })

  it('goes on at the lane that had work', async () => {
    const bed = open({ lanes: 4 }, 10)
    await bed.clock.pass(100)
    bed.service.give(2, ...[1, 2, 3, 4, 5, 6].map((number) => bed.job(number, { lane: 2 })))
    await bed.clock.pass(5000)
    expect(bed.service.ends()).toHaveLength(6)
    const answered = bed.service.asked.findIndex(({ lane, at }) => lane === 2 && at > 1_000_100)
    expect(bed.service.asked[answered + 1]?.lane).toBe(2)
  })

  it('passes over a lane that does not answer', async () => {
    const bed = open({ lanes: 2 })
    const lease = bed.service.lease.bind(bed.service)
    const [first] = bed.service.asked
    bed.service.lease = async (lane, request, signal) => {
      if (lane === (first?.lane ?? 0)) throw new Error('this lane is down')
      return lease(lane, request, signal)
    }
    bed.service.give(1, bed.job(1, { lane: 1 }))
    bed.service.give(0, bed.job(1, { lane: 0 }))
    await bed.clock.pass(60_000)
    expect(bed.started).toContain(1)
  })

  it('fetches ahead where jobs are short, and not where they are long', async () => {
    const short = open({}, 100)
    const long = open({}, 60_000)
    for (const bed of [short, long]) {
      bed.service.give(0, ...Array.from({ length: 40 }, (_, index) => bed.job(index + 1)))
      await bed.clock.pass(1000)
    }
    expect(Math.max(...short.service.asked.map(({ request }) => request.maxJobs))).toBeGreaterThan(2)
    expect(short.worker.load().heldJobs).toBeGreaterThan(2)
    expect(long.worker.load().heldJobs).toBe(2)
  })
})

describe('confirmation', () => {
  it('names an end as unconfirmed until an answer confirms it', async () => {
    const bed = open()
    bed.service.confirms = false
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.running.get(1)?.end()
    await bed.clock.pass(25_000)
    expect(jobsOf(bed.service.asked.at(-1)?.request.unconfirmed ?? [])).toEqual([1])
    bed.service.confirms = true
    await bed.clock.pass(45_000)
    expect(bed.service.asked.at(-1)?.request.unconfirmed).toEqual([])
    expect(bed.worker.load().unconfirmedEnds).toBe(0)
  })

  it('tells an end again that was not confirmed for long, and only then', async () => {
    const bed = open()
    bed.service.confirms = false
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.running.get(1)?.end()
    await bed.clock.pass(29_000)
    expect(bed.service.ends()).toHaveLength(1)
    await bed.clock.pass(40_000)
    expect(bed.service.ends().length).toBeGreaterThan(1)
    expect(bed.service.ends().length).toBeLessThan(4)
  })

  it('asks for no more while too many ends are unconfirmed, but for their confirmation', async () => {
    const bed = open({}, 10)
    bed.service.confirms = false
    bed.service.give(0, ...Array.from({ length: 100 }, (_, index) => bed.job(index + 1)))
    await bed.clock.pass(20_000)
    expect(bed.started.length).toBeGreaterThan(64)
    expect(bed.started.length).toBeLessThanOrEqual(70)
    expect(bed.service.renewed.length).toBeGreaterThan(2)
    bed.service.confirms = true
    await bed.clock.pass(20_000)
    expect(bed.started).toHaveLength(100)
  })

  it('keeps telling an end until the topic takes it', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.service.isDown = true
    bed.running.get(1)?.end()
    await bed.clock.pass(60_000)
    bed.service.isDown = false
    await bed.clock.pass(60_000)
    expect(bed.service.ends().map(({ job }) => job)).toEqual([1])
  })
})

describe('the lease', () => {
  it('names what is held and which requests are settled, once a minute', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1), bed.job(2))
    await bed.clock.pass(61_000)
    expect(bed.service.renewed).toHaveLength(1)
    const request = bed.service.renewed[0]?.request
    expect(request).toMatchObject({ highest: 1, worker: 'machine.1' })
    expect(request?.open).toBeUndefined()
    expect(jobsOf(request?.held ?? [])).toEqual([1, 2])
  })

  it('goes on without work, once the service has a record of the worker', async () => {
    const bed = open()
    await bed.clock.pass(130_000)
    expect(bed.service.renewed).toEqual([])
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.running.get(1)?.end()
    await bed.clock.pass(130_000)
    expect(bed.service.renewed.length).toBeGreaterThanOrEqual(2)
  })

  it('stops the attempts that an answer names', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1), bed.job(2))
    await bed.clock.pass(10)
    bed.service.stops = [bed.job(2)]
    await bed.clock.pass(61_000)
    expect(bed.service.ends()).toMatchObject([{ job: 2, end: { cause: 'stopped' } }])
    expect([...bed.running.keys()]).toEqual([1])
  })

  it('kills everything 12 minutes after it sent its last renewal that succeeded', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(61_000)
    bed.service.isDown = true
    const sentAt = bed.service.renewed.at(-1)?.at ?? 0
    await bed.clock.pass(sentAt + 12 * 60_000 - 1 - bed.clock.now())
    expect(bed.running.size).toBe(1)
    await bed.clock.pass(1)
    expect(bed.running.size).toBe(0)
    bed.service.isDown = false
    await bed.clock.pass(60_000)
    expect(bed.service.ends()).toMatchObject([{ job: 1, end: { cause: 'infrastructure' } }])
  })

  it('has no time where the worker lives in the process of its service', async () => {
    const bed = open({ isTimed: false })
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.service.isDown = true
    await bed.clock.pass(60 * 60_000)
    expect(bed.running.size).toBe(1)
    bed.service.isDown = false
  })

  it('ends all and is done when the service refuses the worker', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    bed.service.standing = 'refused'
    await bed.clock.pass(61_000)
    expect(bed.running.size).toBe(0)
    expect(await bed.worker.done).toBe('refused')
  })
})

describe('orders to stop', () => {
  it('are heard at once by a worker that is full, at each lane of which it holds something', async () => {
    const bed = open({ lanes: 4 })
    bed.service.give(2, bed.job(1, { lane: 2 }))
    bed.service.give(3, bed.job(2, { lane: 3 }))
    await bed.clock.pass(5000)
    expect(bed.started.toSorted()).toEqual([1, 2])
    bed.service.order(3, bed.job(2))
    await bed.clock.pass(100)
    expect(bed.service.ends()).toMatchObject([{ job: 2, end: { cause: 'stopped' } }])
    bed.service.order(2, bed.job(1))
    await bed.clock.pass(100)
    expect(bed.service.ends()).toMatchObject([{ job: 2 }, { job: 1, end: { cause: 'stopped' } }])
    expect(bed.service.renewed).toEqual([])
  })

  it('cost one request a minute and lane while jobs last, and none where they are short', async () => {
    const long = open()
    const short = open({}, 300)
    long.service.give(0, long.job(1), long.job(2))
    short.service.give(0, ...Array.from({ length: 300 }, (_, index) => short.job(index + 1)))
    for (const bed of [long, short]) await bed.clock.pass(30_000)
    expect(short.started.length).toBeGreaterThan(100)
    expect(short.service.listened).toEqual([])
    await long.clock.pass(150_000)
    expect(long.service.listened.length).toBeGreaterThanOrEqual(3)
    expect(long.service.listened.length).toBeLessThanOrEqual(4)
  })

  it('are asked for no more when nothing is held, and by nobody who has stopped', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(5000)
    expect(bed.service.listened).toHaveLength(1)
    bed.running.get(1)?.end()
    await bed.clock.pass(180_000)
    expect(bed.service.listened).toHaveLength(1)
  })

  it('are asked for again after a pause where there is no place or no answer', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    bed.service.listenerRetryMs = 30_000
    await bed.clock.pass(20_000)
    expect(bed.service.listened).toHaveLength(1)
    await bed.clock.pass(20_000)
    expect(bed.service.listened).toHaveLength(2)
    bed.service.listenerRetryMs = 0
    bed.service.isDown = true
    await bed.clock.pass(60_000)
    bed.service.isDown = false
    await bed.clock.pass(20_000)
    bed.service.order(0, bed.job(1))
    await bed.clock.pass(0)
    expect(bed.running.size).toBe(0)
    expect(bed.service.listened.length).toBeLessThan(9)
  })

  it('for what is not held yet come again with a renewal', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(5000)
    bed.service.order(0, bed.job(2))
    bed.service.stops = [bed.job(2)]
    await bed.clock.pass(0)
    expect(bed.service.renewed).toHaveLength(1)
  })

  it('that come with the very answer that gives the job keep it from running', async () => {
    const bed = open({}, 100)
    bed.service.give(0, bed.job(1))
    await bed.clock.pass(10)
    const lease = bed.service.lease.bind(bed.service)
    bed.service.lease = async (lane, request, signal) => {
      const reply = await lease(lane, request, signal)
      return { ...reply, stops: reply.assignments }
    }
    await bed.clock.pass(100)
    bed.service.give(0, bed.job(2))
    await bed.clock.pass(1000)
    expect(bed.started).toEqual([1])
    expect(bed.service.ends()).toMatchObject([{ job: 1 }, { job: 2, end: { cause: 'stopped' } }])
  })
})

describe('leaving', () => {
  it('says goodbye after an empty round when it has been idle for long', async () => {
    const bed = open({ lanes: 2, timing: { idleMs: 30_000 } })
    await bed.clock.pass(29_000)
    expect(bed.service.asked.some(({ request }) => request.isLeaving)).toBe(false)
    await bed.clock.pass(5000)
    expect(await bed.worker.done).toBe('left')
    expect(bed.service.asked.filter(({ request }) => request.isLeaving)).toHaveLength(1)
  })

  it('stays when its goodbye is answered with work', async () => {
    const bed = open({ timing: { idleMs: 30_000 } })
    const lease = bed.service.lease.bind(bed.service)
    bed.service.lease = (lane, request, signal) => {
      if (request.isLeaving && bed.started.length === 0) bed.service.give(0, bed.job(1))
      return lease(lane, request, signal)
    }
    await bed.clock.pass(31_000)
    expect(bed.started).toEqual([1])
    bed.running.get(1)?.end()
    await bed.clock.pass(31_000)
    expect(await bed.worker.done).toBe('left')
  })

  it('tells at once that the machine goes, once, and of a job with a checkpoint when that is stored', async () => {
    const ends: (() => void)[] = []
    const runAttempt = () =>
      new Promise<AttemptEnd>((resolve) => ends.push(() => resolve({ cause: 'preempted', message: 'put away' })))
    const bed = open({ runAttempt })
    const { template } = bed.job(2)
    bed.service.give(0, bed.job(1), bed.job(2, { template: { ...template, checkpoint: { everyMs: 1000 } } }))
    await bed.clock.pass(10)
    const stopped = bed.worker.stop({ kind: 'preempted' })
    await bed.clock.pass(0)
    expect(bed.service.ends()).toMatchObject([{ job: 1, end: { cause: 'preempted', lingersMs: 15_000 } }])
    for (const end of ends) end()
    await bed.clock.pass(0)
    await stopped
    expect(bed.service.ends()).toMatchObject([{ job: 1 }, { job: 2, end: { message: 'put away' } }])
  })

  it('ends every attempt and tells it when it is stopped', async () => {
    const bed = open()
    bed.service.give(0, bed.job(1), bed.job(2))
    await bed.clock.pass(10)
    const stopped = bed.worker.stop({ kind: 'preempted' })
    await bed.clock.pass(0)
    await stopped
    expect(await bed.worker.done).toBe('stopped')
    expect(bed.service.ends()).toHaveLength(2)
    expect(bed.clock.sleeping).toBe(0)
  })
})
