import { expect, test, vi } from 'vitest'
import { makeTaskBed, PARENT, type TaskBed } from './task-bed.ts'

const createLater = (bed: TaskBed, id: string) =>
  bed.client.createTask({
    parent: bed.queue,
    task: {
      name: `${bed.queue}/tasks/${id}`,
      scheduleTime: { seconds: bed.clock.now() / 1000 + 60 },
      httpRequest: { url: bed.targetUrl, body: Buffer.from('secret') },
    },
  })

test('queues are made with their settings or the usual ones, found, listed and deleted', async () => {
  const { client, queue, parent } = await makeTaskBed()
  const other = `${parent}/queues/other`
  await client.createQueue({ parent, queue: { name: other, rateLimits: { maxDispatchesPerSecond: 2 } } })
  const [found] = await client.getQueue({ name: other })
  expect(found).toMatchObject({ name: other, state: 'RUNNING', rateLimits: { maxDispatchesPerSecond: 2 } })
  expect(found).toMatchObject({ retryConfig: { maxAttempts: 100, maxDoublings: 16, maxBackoff: { seconds: '3600' } } })
  const [queues] = await client.listQueues({ parent })
  expect(queues.map(({ name }) => name)).toEqual([other, queue])
  await expect(client.createQueue({ parent, queue: { name: other } })).rejects.toMatchObject({ code: 6 })
  await client.updateQueue({ queue: { name: other, retryConfig: { maxAttempts: 7 } } })
  expect((await client.getQueue({ name: other }))[0]).toMatchObject({
    rateLimits: { maxDispatchesPerSecond: 2 },
    retryConfig: { maxAttempts: 7 },
  })
  await client.deleteQueue({ name: other })
  await expect(client.getQueue({ name: other })).rejects.toMatchObject({ code: 5 })
})

test('a task without a name gets one, and its body is shown only when asked for', async () => {
  const bed = await makeTaskBed()
  const httpRequest = { url: bed.targetUrl, body: Buffer.from('secret') }
  const scheduleTime = { seconds: bed.clock.now() / 1000 + 60 }
  const [task] = await bed.client.createTask({ parent: bed.queue, task: { httpRequest, scheduleTime } })
  expect(task.name).toMatch(new RegExp(`^${bed.queue}/tasks/[0-9a-f]{32}$`))
  expect(task.httpRequest?.body).toHaveLength(0)
  const [full] = await bed.client.getTask({ name: task.name ?? '', responseView: 'FULL' })
  expect(Buffer.from(full.httpRequest?.body ?? '').toString()).toBe('secret')
  expect(full).toMatchObject({ dispatchCount: 0, scheduleTime: { seconds: String(scheduleTime.seconds) } })
})

test('tasks are listed in pages', async () => {
  const bed = await makeTaskBed()
  for (let index = 0; index < 5; index++) await createLater(bed, `a${index}`)
  const names: unknown[] = []
  for await (const { name } of bed.client.listTasksAsync({ parent: bed.queue, pageSize: 2 }, { autoPaginate: false }))
    names.push(name)
  expect(names).toEqual(Array.from({ length: 5 }, (_, index) => `${bed.queue}/tasks/a${index}`))
})

test('a deleted task does not run, and a purged queue is empty', async () => {
  const bed = await makeTaskBed()
  for (const id of ['a', 'b', 'c']) await createLater(bed, id)
  await bed.client.deleteTask({ name: `${bed.queue}/tasks/a` })
  await expect(bed.client.deleteTask({ name: `${bed.queue}/tasks/a` })).rejects.toMatchObject({ code: 5 })
  await expect(createLater(bed, 'a')).rejects.toMatchObject({ code: 6 })
  await bed.client.purgeQueue({ name: bed.queue })
  expect((await bed.client.listTasks({ parent: bed.queue }))[0]).toEqual([])
  expect(bed.clock.sleepers).toBe(0)
})

test('a paused queue keeps its tasks until it is resumed; one can be run by hand', async () => {
  const bed = await makeTaskBed()
  await bed.client.pauseQueue({ name: bed.queue })
  await createLater(bed, 'a')
  await createLater(bed, 'b')
  await bed.client.runTask({ name: `${bed.queue}/tasks/b` })
  await vi.waitFor(() => expect(bed.received).toHaveLength(1))
  bed.clock.advance(120_000)
  expect((await bed.client.getQueue({ name: bed.queue }))[0].state).toBe('PAUSED')
  expect(bed.received).toHaveLength(1)
  await bed.client.resumeQueue({ name: bed.queue })
  await vi.waitFor(() => expect(bed.received).toHaveLength(2))
})

test('what makes no sense is refused', async () => {
  const bed = await makeTaskBed()
  const create = (task: object, parent = bed.queue) => bed.client.createTask({ parent, task })
  const httpRequest = { url: bed.targetUrl }
  await expect(create({ httpRequest }, `${PARENT}/queues/none`)).rejects.toMatchObject({ code: 5 })
  await expect(create({ httpRequest, name: `${bed.queue}/tasks/a b` })).rejects.toMatchObject({ code: 3 })
  await expect(create({ httpRequest, name: `${PARENT}/queues/none/tasks/a` })).rejects.toMatchObject({ code: 3 })
  await expect(create({ httpRequest: { url: 'ftp://x' } })).rejects.toMatchObject({ code: 3 })
  await expect(create({})).rejects.toMatchObject({ code: 3 })
  const body = Buffer.alloc(101 * 1024)
  await expect(create({ httpRequest: { ...httpRequest, body } })).rejects.toMatchObject({ code: 3 })
  const scheduleTime = { seconds: bed.clock.now() / 1000 + 31 * 86_400 }
  await expect(create({ httpRequest, scheduleTime })).rejects.toMatchObject({ code: 3 })
  await expect(bed.client.getIamPolicy({ resource: bed.queue })).rejects.toMatchObject({ code: 12 })
})
