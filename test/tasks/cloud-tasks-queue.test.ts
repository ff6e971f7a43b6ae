import { startTaskServer } from '@graupel/functions/emulator/task-server/start-task-server'
import { ensureQueue, makeCloudTasksClient } from '@graupel/functions/tasks/cloud-tasks-client'
import { CloudTasksQueue, createTaskRequest } from '@graupel/functions/tasks/cloud-tasks-queue'
import { taskIdOf } from '@graupel/functions/tasks/task-name'
import type { Task } from 'graupel/engine'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describeTaskQueue } from '../conformance/task-queue.ts'
import { makeTaskBed } from '../task-server/task-bed.ts'

describe('tasks in Cloud Tasks', () =>
  describeTaskQueue(async () => {
    let failures = 0
    const bed = await makeTaskBed(() => (failures-- > 0 ? 500 : 204))
    const target = { queue: bed.queue, url: bed.targetUrl }
    const other = { queue: `${bed.parent}/queues/other`, url: bed.targetUrl }
    await bed.client.createQueue({ parent: bed.parent, queue: { name: other.queue } })
    return {
      queue: new CloudTasksQueue({ client: bed.client, targets: { provision: target, sweep: other } }),
      now: () => bed.clock.now(),
      received: () => bed.received.map(({ body }): Task => JSON.parse(body.toString())),
      failNext: (times) => {
        failures = times
      },
      advance: async (ms) => bed.clock.advance(ms),
    }
  }))

const targets = {
  provision: { queue: 'projects/p/locations/l/queues/provision', url: 'https://provision.example' },
  sweep: { queue: 'projects/p/locations/l/queues/sweep', url: 'https://sweep.example' },
}
const task: Task = { queue: 'sweep', name: 'window-17', at: 1_700_000_000_123, body: { a: 1 } }

test('a task is addressed, timed and signed', () => {
  const request = createTaskRequest(task, { targets, serviceAccountEmail: 'runner@p.example' })
  expect(request.parent).toBe(targets.sweep.queue)
  expect(request.task).toMatchObject({
    name: `${targets.sweep.queue}/tasks/${taskIdOf('window-17')}`,
    scheduleTime: { seconds: 1_700_000_000, nanos: 123_000_000 },
    httpRequest: {
      url: 'https://sweep.example',
      oidcToken: { serviceAccountEmail: 'runner@p.example', audience: 'https://sweep.example' },
    },
  })
})

test('ids of names in sequence do not begin alike, and fit', () => {
  expect(taskIdOf('window-17')).toMatch(/^[0-9a-f]{32}-window-17$/)
  expect(taskIdOf('window-17').slice(0, 4)).not.toBe(taskIdOf('window-18').slice(0, 4))
  expect(taskIdOf('ü/ '.repeat(400))).toMatch(/^[A-Za-z0-9_-]{1,500}$/)
})

test('a queue that wakes up is found', async () => {
  const { client, clock } = await makeTaskBed()
  const tasks = new CloudTasksQueue({ client, targets })
  const answer = tasks.enqueue({ ...task, at: clock.now() + 60_000 })
  await expect(client.getQueue({ name: targets.sweep.queue })).rejects.toMatchObject({ code: 5 })
  await ensureQueue(client, targets.sweep.queue)
  expect(await answer).toBe('created')
})

test('a queue that does not wake up is an error', async () => {
  const { client } = await makeTaskBed()
  const tasks = new CloudTasksQueue({ client, targets, retries: 1 })
  await expect(tasks.enqueue(task)).rejects.toMatchObject({ code: 5 })
})

test('a service that is away for a moment is asked again', async () => {
  const gone = await startTaskServer()
  const { port } = gone
  await gone.close()
  const client = makeCloudTasksClient({ project: 'p', host: `127.0.0.1:${port}` })
  onTestFinished(() => client.close())
  const answer = new CloudTasksQueue({ client, targets }).enqueue({ ...task, at: Date.now() + 60_000 })
  const { sweep, provision } = targets
  const back = await startTaskServer({ port, queues: [sweep.queue, provision.queue] })
  onTestFinished(() => back.close())
  expect(await answer).toBe('created')
})
