import { randomUUID } from 'node:crypto'
import type { Clock } from 'graupel/engine'
import type { z } from 'zod'
import { type Dispatch, DispatchQueue } from './dispatch-queue.ts'
import { alreadyExists, invalidArgument, notFound } from './grpc-status-error.ts'
import { type QueueMessage, settingsOf } from './queue-settings.ts'
import type { StoredTask, taskSchema } from './stored-task.ts'

const QUEUE_NAME = /^projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z0-9-]{1,100}$/
const TASK_NAME = /^(projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z0-9-]{1,100})\/tasks\/[A-Za-z0-9_-]{1,500}$/
const DEFAULT_DEADLINE_MS = 10 * 60 * 1000
const MAXIMAL_DELAY_MS = 30 * 24 * 60 * 60 * 1000
const MAXIMAL_BODY_BYTES = 100 * 1024

/** All queues of the server, by full name. */
export class QueueRegistry {
  readonly #clock: Clock
  readonly #dispatch: Dispatch
  readonly #queues = new Map<string, DispatchQueue>()

  constructor(clock: Clock, dispatch: Dispatch) {
    this.#clock = clock
    this.#dispatch = dispatch
  }

  create(parent: string, message: QueueMessage): DispatchQueue {
    const { name } = message
    if (!QUEUE_NAME.test(name) || !name.startsWith(`${parent}/queues/`)) {
      throw invalidArgument(
        `Queue name ${JSON.stringify(name)} is not below ${parent}, or has other than letters, digits and hyphens.`,
      )
    }
    if (this.#queues.has(name)) throw alreadyExists('Queue already exists')
    const queue = new DispatchQueue(name, settingsOf(message), this.#clock, this.#dispatch)
    this.#queues.set(name, queue)
    return queue
  }

  find(name: string): DispatchQueue | undefined {
    return this.#queues.get(name)
  }

  get(name: string): DispatchQueue {
    const queue = this.#queues.get(name)
    if (queue === undefined) throw notFound('The queue')
    return queue
  }

  /** The queue that a task's full name belongs to. */
  ofTask(name: string): DispatchQueue {
    return this.get(TASK_NAME.exec(name)?.[1] ?? '')
  }

  below(parent: string): DispatchQueue[] {
    return [...this.#queues.values()].filter(({ name }) => name.startsWith(`${parent}/queues/`))
  }

  async delete(name: string): Promise<void> {
    const queue = this.get(name)
    this.#queues.delete(name)
    await queue.close()
  }

  addTask(parent: string, message: z.infer<typeof taskSchema>): StoredTask {
    const queue = this.get(parent)
    const task = makeTask(parent, message, this.#clock.now())
    queue.add(task)
    return task
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()))
  }
}

function makeTask(queue: string, message: z.infer<typeof taskSchema>, now: number): StoredTask {
  const { httpRequest: request, scheduleTime, dispatchDeadline } = message
  const name = message.name || `${queue}/tasks/${randomUUID().replaceAll('-', '')}`
  if (TASK_NAME.exec(name)?.[1] !== queue)
    throw invalidArgument(`Task name ${JSON.stringify(name)} is not one of ${queue}.`)
  if (!/^https?:\/\//.test(request.url))
    throw invalidArgument(`HttpRequest.url ${JSON.stringify(request.url)} is not HTTP.`)
  if (request.body.length > MAXIMAL_BODY_BYTES)
    throw invalidArgument('Task size too large: a body has at most 100 KiB.')
  const dueAt = Math.max(scheduleTime ?? now, now)
  if (dueAt - now > MAXIMAL_DELAY_MS) throw invalidArgument('The schedule time is more than 30 days ahead.')
  const deadlineMs = dispatchDeadline || DEFAULT_DEADLINE_MS
  const counters = { dispatchCount: 0, responseCount: 0, firstDispatchAt: undefined, lastStatus: undefined }
  return { name, request, createdAt: now, dueAt, deadlineMs, isInFlight: false, ...counters }
}
