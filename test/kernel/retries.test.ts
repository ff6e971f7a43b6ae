import { effects, lossesBeforeAlone, maxAttemptsOfAJob } from 'graupel/kernel'
import { type AttemptEnd, type Cause, defaultRetryPolicy, type JobTemplate } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { attemptEnded, Conversation, cancelBatch, lease, started, workerLost } from './shard-events.ts'
import { ann, bob, oneJob } from './small-plans.ts'

const patient = { ...defaultRetryPolicy, failed: 1000, preempted: 1000, infrastructure: 1000 }

/** Runs a job whose attempts end so, and again so, until it has ended. */
function run(template: Partial<JobTemplate>, ends: readonly AttemptEnd[], atMost = 1000) {
  const shard = new Conversation(oneJob(template))
  shard.say([started])
  let attempts = 0
  while (shard.states[0] === 'Ready' && attempts < atMost) {
    const end = ends[attempts] ?? ends.at(-1)
    if (end === undefined) throw new Error('an attempt ends somehow')
    attempts++
    expect(shard.grants(lease(ann, attempts), attempts * 1_000_000)).toEqual([1])
    shard.say([attemptEnded(1, attempts, ann, end.cause, end)])
  }
  return { state: shard.states[0], attempts, reason: shard.record.ends[0], shard }
}

const end = (cause: Cause, more: Partial<AttemptEnd> = {}): AttemptEnd => ({ cause, ...more })
const retry = (policy: Partial<JobTemplate['retry']>) => ({ retry: { ...defaultRetryPolicy, ...policy } })

describe('each cause has its own budget', () => {
  const growth = { outOfMemory: { factor: 2, upToBytes: 8000 } }
  test.each<[string, Partial<JobTemplate>, AttemptEnd[], string, number]>([
    ['a success is final', {}, [end('success')], 'Success', 1],
    ['a failure is not retried unless asked', {}, [end('failed', { exitCode: 1 })], 'Failed', 1],
    ['a failure is retried as often as asked', retry({ failed: 3 }), [end('failed', { exitCode: 1 })], 'Failed', 4],
    ['a retry may succeed', retry({ failed: 3 }), [end('failed'), end('success')], 'Success', 2],
    [
      'an exit code has a budget of its own',
      retry({ exitCodes: { 75: 2 } }),
      [end('failed', { exitCode: 75 })],
      'Failed',
      3,
    ],
    [
      'and beats the one of failures',
      retry({ failed: 5, exitCodes: { 75: 1 } }),
      [end('failed', { exitCode: 75 })],
      'Failed',
      2,
    ],
    [
      'each exit code has its own',
      retry({ exitCodes: { 75: 1, 76: 1 } }),
      [75, 76, 75].map((exitCode) => end('failed', { exitCode })),
      'Failed',
      3,
    ],
    [
      'another exit code does not use it',
      retry({ exitCodes: { 75: 2 } }),
      [end('failed', { exitCode: 1 })],
      'Failed',
      1,
    ],
    [
      'a budget of 0 for an exit code means never',
      retry({ failed: 5, exitCodes: { 2: 0 } }),
      [end('failed', { exitCode: 2 })],
      'Failed',
      1,
    ],
    ['a failure without exit code counts as 1', retry({ exitCodes: { 1: 1 } }), [end('failed')], 'Failed', 2],
    ['out of memory is not retried unless asked', retry({ failed: 5 }), [end('outOfMemory')], 'Failed', 1],
    ['out of memory is retried until the cap', retry(growth), [end('outOfMemory')], 'Failed', 4],
    [
      'and not where memory cannot grow',
      retry({ outOfMemory: { factor: 2, upToBytes: 500 } }),
      [end('outOfMemory')],
      'Failed',
      1,
    ],
    [
      'nor where the factor is 1',
      retry({ outOfMemory: { factor: 1, upToBytes: 8000 } }),
      [end('outOfMemory')],
      'Failed',
      1,
    ],
    ['preemption is retried 20 times', {}, [end('preempted')], 'Error', 21],
    ['or as often as asked', retry({ preempted: 0 }), [end('preempted')], 'Error', 1],
    ['a lost machine is retried 5 times', {}, [end('infrastructure')], 'Error', 6],
    ['or as often as asked', retry({ infrastructure: 2 }), [end('infrastructure')], 'Error', 3],
    ['none is none', retry({ infrastructure: 0 }), [end('infrastructure')], 'Error', 1],
    ['staging counts as the machine', {}, [end('staging')], 'Error', 6],
    [
      'and is final where it would end so again',
      retry({ failed: 5 }),
      [end('staging', { isLasting: true })],
      'Error',
      1,
    ],
    ['a lost machine is no lasting end', {}, [end('infrastructure', { isLasting: true })], 'Error', 6],
    ['a stop that nobody asked for counts as the machine', {}, [end('stopped'), end('success')], 'Success', 2],
    ['too little storage is final', retry({ failed: 5 }), [end('outOfDisk')], 'Error', 1],
    ['a time limit is final', retry({ failed: 5 }), [end('timeout')], 'Error', 1],
    ['an image that cannot be used is final', retry({ failed: 5 }), [end('image')], 'Error', 1],
    ['a shell that does not exist is final', retry({ failed: 5 }), [end('shell')], 'Error', 1],
    ['a missing input is final', retry({ failed: 5 }), [end('missingInput')], 'Error', 1],
    ['a missing output is final', retry({ failed: 5 }), [end('missingOutput')], 'Error', 1],
    [
      'preemptions do not use the budget of failures',
      retry({ failed: 1 }),
      [end('preempted'), end('preempted'), end('failed'), end('success')],
      'Success',
      4,
    ],
    [
      'failures do not use the budget of machines',
      retry({ failed: 9, infrastructure: 1 }),
      [end('failed'), end('failed'), end('infrastructure'), end('success')],
      'Success',
      4,
    ],
  ])('%s', (_, template, ends, state, attempts) => {
    expect(run(template, ends)).toMatchObject({ state, attempts })
  })
})

describe('the limit of all attempts', () => {
  test.each<[Cause, string]>([
    ['failed', 'Failed'],
    ['outOfMemory', 'Failed'],
    ['preempted', 'Error'],
    ['infrastructure', 'Error'],
  ])('maxAttempts ends a job by its last cause: %s → %s', (cause, state) => {
    const growing = { ...patient, outOfMemory: { factor: 2, upToBytes: 1e15 } }
    const ended = run({ maxAttempts: 3, retry: growing }, [end(cause, { message: 'so it ended' })])
    expect(ended).toMatchObject({ state, attempts: 3, reason: { cause, message: 'so it ended, after 3 attempts' } })
  })

  test('maxAttempts counts all causes together', () => {
    const ends = [end('failed'), end('preempted'), end('infrastructure')]
    expect(run({ maxAttempts: 3, retry: patient }, ends)).toMatchObject({ state: 'Error', attempts: 3 })
  })

  test('an end that is final by itself is not blamed on the limit', () => {
    const ended = run({ maxAttempts: 1 }, [end('image', { message: 'no such image' })])
    expect(ended.reason).toEqual({ cause: 'image', message: 'no such image' })
  })

  test('a success at the limit is a success', () => {
    expect(run({ maxAttempts: 2, retry: patient }, [end('failed'), end('success')])).toMatchObject({ state: 'Success' })
  })

  test.each([{}, { maxAttempts: 1000 }])('no job starts more than 250 times, whatever its budgets say: %o', (more) => {
    expect(maxAttemptsOfAJob).toBe(250)
    const ended = run({ ...more, retry: patient }, [end('failed')])
    expect(ended).toMatchObject({ state: 'Failed', attempts: 250 })
    expect(ended.shard.record.attempts).toBe('fa')
  })

  test('a first attempt that is also the last is told in the singular', () => {
    expect(run({ maxAttempts: 1 }, [end('preempted')]).reason).toEqual({
      cause: 'preempted',
      message: 'after 1 attempt',
    })
  })
})

describe('out of memory', () => {
  test('each next attempt has more memory, up to the cap', () => {
    const { shard } = run(retry({ outOfMemory: { factor: 3, upToBytes: 5000 } }), [end('outOfMemory')], 0)
    const seen: number[] = []
    for (let attempt = 1; attempt <= 3; attempt++) {
      const reply = shard.say([lease(ann, attempt)]).outcomes[0]?.reply
      if (reply?.kind === 'granted') seen.push(...reply.grants.map((grant) => grant.memoryBytes))
      shard.say([attemptEnded(1, attempt, ann, 'outOfMemory')])
    }
    expect(seen).toEqual([1000, 3000, 5000])
    expect(shard.states).toEqual(['Failed'])
  })
})

describe('preemption', () => {
  const poolsOf = (ends: Cause[], template: Partial<JobTemplate> = {}): string[] => {
    const { shard } = run(template, [end('success')], 0)
    return ends.map((cause, index) => {
      const pool = shard.record.readyPools.join()
      shard.say([lease(ann, index + 1), attemptEnded(1, index + 1, ann, cause)])
      return pool
    })
  }

  test('after three in a row the job goes to a machine that is not taken away', () => {
    expect(poolsOf(['preempted', 'preempted', 'preempted', 'success'])).toEqual(['spot', 'spot', 'spot', 'standard'])
  })

  test('another end between them begins a new row', () => {
    const policy = { retry: { ...patient, onDemandAfter: 2 } }
    const ends: Cause[] = ['preempted', 'failed', 'preempted', 'infrastructure', 'preempted', 'preempted', 'success']
    expect(poolsOf(ends, policy)).toEqual(['spot', 'spot', 'spot', 'spot', 'spot', 'spot', 'standard'])
  })

  test('an end that is told ahead makes the job wait until nothing of the attempt can run any more', () => {
    const { shard } = run({}, [end('success')], 0)
    shard.say([lease(ann, 1), attemptEnded(1, 1, ann, 'preempted', end('preempted', { lingersMs: 15_000 }))], 1_000_000)
    expect(shard.states).toEqual(['Ready'])
    expect(shard.grants(lease(ann, 2), 1_014_999)).toEqual([])
    expect(shard.grants(lease(ann, 2), 1_015_000)).toEqual([1])
  })

  test('so does one whose worker was lost to a preemption that the log has told first', () => {
    const { shard } = run({ retry: patient }, [end('success')], 0)
    shard.say([lease(ann, 1), workerLost(ann, 'preempted', { lingersMs: 30_000 })], 1_000_000)
    expect(shard.states).toEqual(['Ready'])
    expect(shard.grants(lease(bob, 1), 1_029_999)).toEqual([])
    expect(shard.grants(lease(bob, 1), 1_030_000)).toEqual([1])
  })

  test('the announcement names the new pool, so it is a new one', () => {
    const { shard } = run(retry({ onDemandAfter: 1 }), [end('success')], 0)
    const keys = () => effects(shard.plan, shard.record).map((effect) => effect.key)
    expect(keys()).toEqual(['ready:1:1:spot'])
    shard.say([lease(ann, 1), workerLost(ann, 'preempted')])
    expect(keys()).toEqual(['ready:1:2:standard'])
  })
})

describe('infrastructure', () => {
  test('only a loss that was suffered alone leads to Error', () => {
    expect(lossesBeforeAlone).toBe(2)
    const { shard } = run(retry({ infrastructure: 2 }), [end('infrastructure')], 2)
    expect(shard.states).toEqual(['Ready'])
    expect(shard.grants(lease(ann, 3, { isEmpty: false }), 9_000_000)).toEqual([])
    expect(shard.grants(lease(ann, 4), 9_000_000)).toEqual([1])
    shard.say([workerLost(ann)])
    expect(shard.states).toEqual(['Error'])
  })

  test('the first retry is at once, the later ones wait longer and longer, at most a minute', () => {
    const { shard } = run({ retry: patient }, [end('success')], 0)
    const waits = Array.from({ length: 8 }, (_, index) => {
      const at = (index + 1) * 1_000_000
      shard.say([lease(ann, index + 1), workerLost(ann)], at)
      return (shard.record.notBefore[0] ?? at) - at
    })
    expect(waits).toEqual([0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })
})

describe('in a cancelled batch', () => {
  test.each<[Cause, string]>([
    ['success', 'Success'],
    ['failed', 'Cancelled'],
    ['preempted', 'Cancelled'],
    ['infrastructure', 'Cancelled'],
    ['timeout', 'Cancelled'],
    ['stopped', 'Cancelled'],
  ])('an attempt in flight that ends by %s makes its job %s, and nothing is retried', (cause, state) => {
    const shard = new Conversation(oneJob({ retry: patient }))
    shard.say([started, lease(ann, 1), cancelBatch])
    expect(shard.states).toEqual(['Creating'])
    shard.say([attemptEnded(1, 1, ann, cause)])
    expect(shard.states).toEqual([state])
  })

  test('a job that always runs is retried', () => {
    const shard = new Conversation(oneJob({ alwaysRun: true, retry: patient }))
    shard.say([started, lease(ann, 1), cancelBatch, attemptEnded(1, 1, ann, 'failed')])
    expect(shard.grants(lease(ann, 2))).toEqual([1])
  })
})

test('what a job has lost is forgotten when it has ended', () => {
  expect(run(retry({ failed: 1 }), [end('preempted'), end('failed')]).shard.record.losses).toEqual({})
})
