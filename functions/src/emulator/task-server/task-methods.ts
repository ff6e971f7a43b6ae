import { z } from 'zod'
import type { DispatchQueue } from './dispatch-queue.ts'
import type { QueueRegistry } from './queue-registry.ts'
import { queueSchema, settingsMessage, settingsOf } from './queue-settings.ts'
import { taskMessage, taskSchema } from './stored-task.ts'
import { pageOf } from './wire.ts'

/** Answers one request, which is parsed first. */
export type Method = (request: unknown) => object | Promise<object>

const named = z.object({ name: z.string() })
const view = z.enum(['BASIC', 'FULL']).catch('BASIC')
const list = z.object({ parent: z.string(), pageSize: z.number().default(0), pageToken: z.string().default('') })

/** https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2 (2026-11), without access policies. */
export function makeMethods(queues: QueueRegistry): Record<string, Method> {
  return { ...queueMethods(queues), ...taskMethods(queues) }
}

function queueMethods(queues: QueueRegistry): Record<string, Method> {
  return {
    createQueue: method(z.object({ parent: z.string(), queue: queueSchema }), ({ parent, queue }) =>
      queueMessage(queues.create(parent, queue)),
    ),
    updateQueue: method(z.object({ queue: queueSchema }), ({ queue }) => {
      const existing = queues.find(queue.name)
      existing?.applySettings(settingsOf(queue, existing.settings))
      return queueMessage(existing ?? queues.create(queue.name.slice(0, queue.name.lastIndexOf('/queues/')), queue))
    }),
    getQueue: method(named, ({ name }) => queueMessage(queues.get(name))),
    listQueues: method(list, (request) => {
      const { page, nextPageToken } = pageOf(queues.below(request.parent), request)
      return { queues: page.map(queueMessage), nextPageToken }
    }),
    deleteQueue: method(named, async ({ name }) => {
      await queues.delete(name)
      return {}
    }),
    purgeQueue: changing(queues, (queue) => queue.purge()),
    pauseQueue: changing(queues, (queue) => queue.setState('PAUSED')),
    resumeQueue: changing(queues, (queue) => queue.setState('RUNNING')),
  }
}

function taskMethods(queues: QueueRegistry): Record<string, Method> {
  return {
    createTask: method(z.object({ parent: z.string(), task: taskSchema, responseView: view }), (request) =>
      taskMessage(queues.addTask(request.parent, request.task), request.responseView),
    ),
    getTask: method(named.extend({ responseView: view }), ({ name, responseView }) =>
      taskMessage(queues.ofTask(name).get(name), responseView),
    ),
    listTasks: method(list.extend({ responseView: view }), (request) => {
      const { page, nextPageToken } = pageOf(queues.get(request.parent).all(), request)
      return { tasks: page.map((task) => taskMessage(task, request.responseView)), nextPageToken }
    }),
    deleteTask: method(named, ({ name }) => {
      queues.ofTask(name).remove(name)
      return {}
    }),
    runTask: method(named.extend({ responseView: view }), ({ name, responseView }) =>
      taskMessage(queues.ofTask(name).runNow(name), responseView),
    ),
  }
}

function method<T>(schema: z.ZodType<T>, answer: (request: T) => object | Promise<object>): Method {
  return (request) => answer(schema.parse(request))
}

function changing(queues: QueueRegistry, change: (queue: DispatchQueue) => void): Method {
  return method(named, ({ name }) => {
    const queue = queues.get(name)
    change(queue)
    return queueMessage(queue)
  })
}

function queueMessage(queue: DispatchQueue): object {
  return { name: queue.name, state: queue.state, ...settingsMessage(queue.settings) }
}
