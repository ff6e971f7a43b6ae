import { expect, test, vi } from 'vitest'
import { makeTaskBed, type TaskBed } from './task-bed.ts'

const delivered = (bed: TaskBed, count: number) => vi.waitFor(() => expect(bed.received).toHaveLength(count), 10_000)

/** The queue has heard the answer to the last dispatch and waits for its next time. */
const waits = (bed: TaskBed) => vi.waitFor(() => expect(bed.clock.sleepers).toBe(1), 10_000)

const isGone = (bed: TaskBed, name: string) =>
  vi.waitFor(() => expect(bed.client.getTask({ name })).rejects.toMatchObject({ code: 5 }), 10_000)

function create(bed: TaskBed, id: string, more: object = {}, httpRequest: object = {}) {
  const task = { name: `${bed.queue}/tasks/${id}`, httpRequest: { url: bed.targetUrl, ...httpRequest }, ...more }
  return bed.client.createTask({ parent: bed.queue, task })
}

const inSeconds = (bed: TaskBed, seconds: number) => ({ scheduleTime: { seconds: bed.clock.now() / 1000 + seconds } })

test('a task arrives at once with its body, its headers and those of Cloud Tasks', async () => {
  const bed = await makeTaskBed()
  const body = Buffer.from([0, 1, 255, 10])
  const oidcToken = { serviceAccountEmail: 'runner@test.example' }
  await create(
    bed,
    'first',
    {},
    { httpMethod: 'PUT', headers: { 'Content-Type': 'application/x', 'X-Own': 'é' }, body, oidcToken },
  )
  await delivered(bed, 1)
  const [request] = bed.received
  expect(request).toMatchObject({ method: 'PUT', path: '/target', body })
  expect(request?.headers).toMatchObject({
    'content-type': 'application/x',
    'user-agent': 'Google-Cloud-Tasks',
    'x-cloudtasks-queuename': 'work',
    'x-cloudtasks-taskname': 'first',
    'x-cloudtasks-taskretrycount': '0',
    'x-cloudtasks-taskexecutioncount': '0',
    'x-cloudtasks-tasketa': (bed.clock.now() / 1000).toFixed(6),
  })
  const claims = request?.headers.authorization?.split('.')[1] ?? ''
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ email: 'runner@test.example' })
  await isGone(bed, `${bed.queue}/tasks/first`)
})

test('a task waits for its time', async () => {
  const bed = await makeTaskBed()
  await create(bed, 'later', inSeconds(bed, 60))
  await create(bed, 'sooner', inSeconds(bed, 10))
  bed.clock.advance(9_999)
  expect(bed.received).toHaveLength(0)
  bed.clock.advance(1)
  await delivered(bed, 1)
  bed.clock.advance(50_000)
  await delivered(bed, 2)
  expect(bed.received.map(({ headers }) => headers['x-cloudtasks-taskname'])).toEqual(['sooner', 'later'])
})

test('a name is refused while its task exists and for an hour after', async () => {
  const bed = await makeTaskBed()
  await create(bed, 'a', inSeconds(bed, 60))
  await expect(create(bed, 'a')).rejects.toMatchObject({ code: 6 })
  bed.clock.advance(60_000)
  await isGone(bed, `${bed.queue}/tasks/a`)
  bed.clock.advance(3_599_000)
  await expect(create(bed, 'a')).rejects.toMatchObject({ code: 6 })
  bed.clock.advance(1_000)
  await create(bed, 'a')
  await delivered(bed, 2)
})

test('a failed task comes again, later each time, and tells what happened', async () => {
  const answers = [500, 404, 503, 200]
  const retryConfig = { minBackoff: { seconds: 1 }, maxBackoff: { seconds: 3 } }
  const bed = await makeTaskBed(() => answers.shift() ?? 200, { retryConfig })
  await create(bed, 'a')
  for (const [tries, waitMs] of [1000, 2000, 3000].entries()) {
    await delivered(bed, tries + 1)
    await waits(bed)
    bed.clock.advance(waitMs - 1)
    expect(bed.received).toHaveLength(tries + 1)
    bed.clock.advance(1)
  }
  await delivered(bed, 4)
  expect(bed.received.map(({ headers }) => headers['x-cloudtasks-taskretrycount'])).toEqual(['0', '1', '2', '3'])
  expect(bed.received[2]?.headers).toMatchObject({
    'x-cloudtasks-taskpreviousresponse': '404',
    'x-cloudtasks-taskexecutioncount': '2',
  })
  await isGone(bed, `${bed.queue}/tasks/a`)
})

test('a task is given up after its last attempt', async () => {
  const bed = await makeTaskBed(() => 500, { retryConfig: { maxAttempts: 2, minBackoff: { nanos: 1e8 } } })
  await create(bed, 'a')
  await delivered(bed, 1)
  await waits(bed)
  bed.clock.advance(100)
  await delivered(bed, 2)
  await isGone(bed, `${bed.queue}/tasks/a`)
  expect(bed.clock.sleepers).toBe(0)
})

test('a target that does not answer, or is not there, has failed', async () => {
  const bed = await makeTaskBed(() => 'never', { retryConfig: { minBackoff: { seconds: 5 } } })
  await create(bed, 'hangs', { dispatchDeadline: { nanos: 5e7 } })
  await delivered(bed, 1)
  await waits(bed)
  const [task] = await bed.client.getTask({ name: `${bed.queue}/tasks/hangs` })
  expect(task).toMatchObject({ dispatchCount: 1, responseCount: 0 })
  const absent = { url: 'http://127.0.0.1:9/nobody' }
  await create(bed, 'absent', {}, absent)
  await vi.waitFor(async () => {
    const [second] = await bed.client.getTask({ name: `${bed.queue}/tasks/absent` })
    expect(second.dispatchCount).toBe(1)
  })
})

test('no more tasks are under way than the queue allows', async () => {
  const bed = await makeTaskBed(() => 'never', { rateLimits: { maxConcurrentDispatches: 3 } })
  for (let index = 0; index < 6; index++) await create(bed, `a${index}`, { dispatchDeadline: { seconds: 600 } })
  await delivered(bed, 3)
  const [tasks] = await bed.client.listTasks({ parent: bed.queue })
  expect(tasks.filter(({ dispatchCount }) => dispatchCount === 1)).toHaveLength(3)
})

test('tasks are dispatched no faster than the queue allows', async () => {
  const bed = await makeTaskBed(() => 200, { rateLimits: { maxDispatchesPerSecond: 10 } })
  for (let index = 0; index < 5; index++) await create(bed, `a${index}`)
  await delivered(bed, 2)
  for (const count of [3, 4, 5]) {
    await waits(bed)
    bed.clock.advance(99)
    expect(bed.received).toHaveLength(count - 1)
    bed.clock.advance(1)
    await delivered(bed, count)
  }
})
