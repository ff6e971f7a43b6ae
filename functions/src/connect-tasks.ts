import type { TaskQueue } from 'graupel/engine'
import type { FunctionsConfig } from './config.ts'
import { ensureQueue, makeCloudTasksClient } from './tasks/cloud-tasks-client.ts'
import { CloudTasksQueue } from './tasks/cloud-tasks-queue.ts'

export interface ConnectedTasks {
  readonly queue: TaskQueue
  createQueues(): Promise<void>
  close(): Promise<void>
}

export function connectTasks(config: FunctionsConfig): ConnectedTasks {
  const { project, region, taskQueues, taskUrls, invoker, servers } = config
  const client = makeCloudTasksClient({ project, host: servers.tasksHost })
  const nameOf = (queue: string) => `projects/${project}/locations/${region}/queues/${queue}`
  const targets = {
    provision: { queue: nameOf(taskQueues.provision), url: taskUrls.provision },
    sweep: { queue: nameOf(taskQueues.sweep), url: taskUrls.sweep },
  }
  return {
    queue: new CloudTasksQueue({ client, targets, serviceAccountEmail: invoker }),
    async createQueues() {
      const names = Object.values(targets).map(({ queue }) => queue)
      await Promise.all(names.map((name) => ensureQueue(client, name, settings)))
    },
    close: () => client.close(),
  }
}

/** A failed task comes again soon, and for as long as it takes. */
const settings = { retryConfig: { maxAttempts: -1, minBackoff: { seconds: 1 }, maxBackoff: { seconds: 60 } } }
