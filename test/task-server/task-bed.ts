import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { CloudTasksClient } from '@google-cloud/tasks'
import { startTaskServer } from '@graupel/functions/emulator/task-server/start-task-server'
import { ensureQueue, makeCloudTasksClient } from '@graupel/functions/tasks/cloud-tasks-client'
import { onTestFinished } from 'vitest'
import { StoppedClock } from './stopped-clock.ts'

export interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Answers with a status, or leaves the request hanging. */
export type Answer = (request: Received) => number | 'never'

export interface TaskBed {
  readonly client: CloudTasksClient
  readonly clock: StoppedClock
  /** Full name of a queue that exists. */
  readonly queue: string
  readonly parent: string
  readonly targetUrl: string
  readonly received: Received[]
}

export const PARENT = 'projects/test/locations/here'

/** A task server on a clock that stands still, its client and a target. All end with the test. */
export async function makeTaskBed(answer: Answer = () => 200, settings: object = {}): Promise<TaskBed> {
  const clock = new StoppedClock()
  const received: Received[] = []
  const targetUrl = await startTarget(received, answer)
  const server = await startTaskServer({ clock })
  onTestFinished(() => server.close())
  const client = makeCloudTasksClient({ project: 'test', host: `127.0.0.1:${server.port}` })
  onTestFinished(() => client.close())
  const queue = `${PARENT}/queues/work`
  await ensureQueue(client, queue, settings)
  return { client, clock, queue, parent: PARENT, targetUrl, received }
}

async function startTarget(received: Received[], answer: Answer): Promise<string> {
  const target = createServer(async (request, response) => {
    const { method, url: path, headers } = request
    const seen = { method, path, headers, body: await buffer(request) }
    received.push(seen)
    const status = answer(seen)
    if (status !== 'never') response.writeHead(status).end('answer')
  }).listen(0, '127.0.0.1')
  await once(target, 'listening')
  onTestFinished(() => {
    target.close()
    target.closeAllConnections()
  })
  const address = target.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/target`
}
