import type { CloudTasksClient, protos } from '@google-cloud/tasks'
import type { Task, TaskQueue } from 'graupel/engine'
import pRetry from 'p-retry'
import { isNameTaken, isTransient } from './cloud-tasks-errors.ts'
import { taskIdOf } from './task-name.ts'

const REQUEST_TIMEOUT_MS = 10_000

export interface TaskTarget {
  /** `projects/{project}/locations/{location}/queues/{queue}`. It must exist. */
  readonly queue: string
  /** Where its tasks are posted, as JSON. */
  readonly url: string
}

export interface CloudTasksQueueOptions {
  readonly client: CloudTasksClient
  readonly targets: Readonly<Record<Task['queue'], TaskTarget>>
  /** Whose identity the tasks carry to their target. Default: none. */
  readonly serviceAccountEmail?: string | undefined
  /** How long a target may take before the task counts as failed. Default 10 minutes. */
  readonly dispatchDeadlineMs?: number | undefined
  /** How often a request that fails in passing is repeated. Default 5, within some 5 seconds. */
  readonly retries?: number | undefined
}

/**
 * Tasks in Cloud Tasks. A task is posted as it is, all four fields of it, and again until the answer is a success.
 *
 * @example
 * const tasks = new CloudTasksQueue({ client, targets: { provision: { queue, url }, sweep: { queue, url } } })
 */
export class CloudTasksQueue implements TaskQueue {
  readonly #options: CloudTasksQueueOptions

  constructor(options: CloudTasksQueueOptions) {
    this.#options = options
  }

  /** A repetition after a lost answer finds its own task and says `exists`. */
  async enqueue(task: Task): Promise<'created' | 'exists'> {
    const { client, retries = 5 } = this.#options
    const request = createTaskRequest(task, this.#options)
    try {
      await pRetry(() => client.createTask(request, { timeout: REQUEST_TIMEOUT_MS }), {
        retries,
        minTimeout: 100,
        maxTimeout: 3_000,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
      })
      return 'created'
    } catch (error) {
      if (isNameTaken(error)) return 'exists'
      throw error
    }
  }
}

export function createTaskRequest(
  task: Task,
  { targets, serviceAccountEmail, dispatchDeadlineMs = 600_000 }: Omit<CloudTasksQueueOptions, 'client'>,
): protos.google.cloud.tasks.v2.ICreateTaskRequest {
  const { queue, url } = targets[task.queue]
  return {
    parent: queue,
    task: {
      name: `${queue}/tasks/${taskIdOf(task.name)}`,
      scheduleTime: { seconds: Math.floor(task.at / 1000), nanos: Math.floor((task.at % 1000) * 1e6) },
      dispatchDeadline: { seconds: Math.ceil(dispatchDeadlineMs / 1000) },
      httpRequest: {
        url,
        httpMethod: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(JSON.stringify(task)),
        ...(serviceAccountEmail !== undefined && { oidcToken: { serviceAccountEmail, audience: url } }),
      },
    },
  }
}
