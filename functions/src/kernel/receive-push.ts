import { createHash } from 'node:crypto'
import { type Clock, deadEventWrite, type Engine, type EngineLog, type Store } from 'graupel/engine'
import { laneMessageSchema, workerMessageSchema } from 'graupel/model'
import { z } from 'zod'

/** What Pub/Sub posts to a push endpoint. */
const pushSchema = z.object({ message: z.object({ data: z.base64(), messageId: z.string().optional() }) })

export interface PushServices {
  readonly engine: Engine
  readonly store: Store
  readonly clock: Clock
  readonly log: EngineLog
}

/** What may be said by whoever publishes to the topic that a message came by. */
export type Publishers = 'service' | 'workers'

const schemas = { service: laneMessageSchema, workers: workerMessageSchema } as const

/**
 * Resolves when the message may be acknowledged. What is no message of ours never will be, however often it comes: it is
 * recorded for a person to see, and acknowledged.
 */
export async function receivePush(services: PushServices, body: unknown, publishers: Publishers): Promise<void> {
  const read = readPush(body, publishers)
  if (read.ok) await services.engine.deliver(read.message)
  else await recordDead(services, body, read.problem)
}

function readPush(body: unknown, publishers: Publishers) {
  try {
    const { message } = pushSchema.parse(body)
    const text = Buffer.from(message.data, 'base64').toString('utf8')
    return { ok: true as const, message: schemas[publishers].parse(JSON.parse(text)) }
  } catch (error) {
    return { ok: false as const, problem: error instanceof Error ? error.message : String(error) }
  }
}

const maxRecordedBytes = 100_000

/** The same message again is the same document. */
async function recordDead({ store, clock, log }: PushServices, body: unknown, problem: string): Promise<void> {
  const text = JSON.stringify(body) ?? ''
  const id = createHash('sha256').update(text).digest('hex').slice(0, 40)
  const dead = { problem: problem.slice(0, 2000), body: text.slice(0, maxRecordedBytes) }
  log.warn({ deadEvent: id, problem }, 'a message cannot be read; it is recorded and dropped')
  await store.commit([deadEventWrite(id, dead, clock.now())])
}
