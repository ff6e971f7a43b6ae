import type { HttpFunction } from '@google-cloud/functions-framework'
import type { Clock, Engine, EngineLog, Store } from 'graupel/engine'
import { leaseRequestSchema, renewRequestSchema, stopsRequestSchema, type WorkerId } from 'graupel/model'
import type { z } from 'zod'
import { callerOf } from '../caller.ts'
import { type Callers, whyNotPusher, whyNotWorker } from './check-caller.ts'
import { closeSignal } from './close-signal.ts'
import { PushWatch } from './push-watch.ts'
import { type Publishers, receivePush } from './receive-push.ts'

export interface KernelServices {
  readonly engine: Engine
  readonly store: Store
  readonly clock: Clock
  readonly log: EngineLog
  /** Whose calls are taken. */
  readonly callers: Callers
  /** The lane's topic. What is pushed from any other may only start and end attempts. */
  readonly topic: string
}

type Request = Parameters<HttpFunction>[0]
type Response = Parameters<HttpFunction>[1]

/**
 * One lane's kernel over HTTP: `POST …/lease`, `POST …/renew` and `POST …/stops` are workers' requests in JSON, every other
 * POST is a message that Pub/Sub pushes. 204 acknowledges a message, 500 brings it again.
 */
export function makeKernelFunction(services: KernelServices): HttpFunction {
  const host = { ...services, pushes: new PushWatch(services) }
  return async (request, response) => {
    try {
      await answer(host, request, response)
    } catch (error) {
      // Nobody is there any more to be answered: a worker that asked has hung up.
      if (response.destroyed) return
      services.log.warn({ path: request.path, error: String(error) }, 'the kernel could not answer')
      if (!response.headersSent) response.status(500).json({ error: 'the kernel could not answer; try again' })
    }
  }
}

interface KernelHost extends KernelServices {
  readonly pushes: PushWatch
}

function answer(host: KernelHost, request: Request, response: Response): Promise<void> {
  const { engine } = host
  if (request.method !== 'POST') return refuse(response, 405, 'the kernel takes POST alone')
  if (request.path.endsWith('/lease')) {
    const signal = closeSignal(response)
    return exchange(host, { request, response }, leaseRequestSchema, (lease) => engine.lease(lease, signal))
  }
  if (request.path.endsWith('/renew'))
    return exchange(host, { request, response }, renewRequestSchema, (renewal) => engine.renew(renewal))
  if (request.path.endsWith('/stops')) {
    const signal = closeSignal(response)
    return exchange(host, { request, response }, stopsRequestSchema, (listener) => engine.awaitStops(listener, signal))
  }
  return acknowledge(host, request, response)
}

async function exchange<S extends z.ZodType<{ readonly worker: WorkerId }>>(
  { callers }: KernelHost,
  { request, response }: { readonly request: Request; readonly response: Response },
  schema: S,
  act: (input: z.output<S>) => Promise<object>,
): Promise<void> {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) return refuse(response, 400, parsed.error.message)
  const problem = whyNotWorker(callers, callerOf(headerOf(request)), parsed.data.worker)
  if (problem !== undefined) return refuse(response, 403, problem)
  const reply = await act(parsed.data)
  if (!response.writableEnded && !response.destroyed) response.json(reply)
}

async function acknowledge(host: KernelHost, request: Request, response: Response): Promise<void> {
  const problem = whyNotPusher(host.callers, callerOf(headerOf(request)))
  if (problem !== undefined) return refuse(response, 403, problem)
  await host.pushes.during(() => receivePush(host, request.body, publishersOf(host, request)))
  response.status(204).end()
}

/** The address that a message is pushed to ends with its topic: the subscription says so, and no publisher can. */
const publishersOf = ({ topic }: KernelHost, { path }: Request): Publishers =>
  path.endsWith(`/topics/${topic}`) ? 'service' : 'workers'

const headerOf = (request: Request) => (name: string) => request.get(name)

async function refuse(response: Response, status: number, error: string): Promise<void> {
  response.status(status).json({ error })
}
