import { makeTaskFunction } from '@graupel/functions/task-function'
import type { Task } from 'graupel/engine'
import { expect, test } from 'vitest'
import { postJson, serve, silentLog } from './hosted.ts'

const task: Task = { queue: 'sweep', name: 'sweep-1', at: 5, body: { window: 1 } }

test('a task is handed on as it was queued', async () => {
  const ran: Task[] = []
  const url = await serve(
    'task',
    makeTaskFunction(silentLog, async (taken) => void ran.push(taken)),
  )
  expect((await postJson(url, task)).status).toBe(204)
  expect(ran).toEqual([task])
})

test('a task that fails is called again', async () => {
  const fail = () => Promise.reject(new Error('no'))
  expect((await postJson(await serve('task', makeTaskFunction(silentLog, fail)), task)).status).toBe(500)
})

test('what is no task is not called again', async () => {
  const fail = () => Promise.reject(new Error('never called'))
  expect((await postJson(await serve('task', makeTaskFunction(silentLog, fail)), { name: 1 })).status).toBe(204)
})
