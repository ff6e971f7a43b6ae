import type { HttpFunction } from '@google-cloud/functions-framework'
import type { EngineLog, Task } from 'graupel/engine'
import { z } from 'zod'

/** A task as Cloud Tasks posts it: the whole of it is the body. */
const taskSchema = z.object({
  queue: z.enum(['provision', 'sweep']),
  name: z.string(),
  at: z.number(),
  body: z.unknown(),
})

/** A function that Cloud Tasks calls: 204 when `run` has resolved, 500 to be called again. */
export function makeTaskFunction(log: EngineLog, run: (task: Task) => Promise<void>): HttpFunction {
  return async (request, response) => {
    const parsed = taskSchema.safeParse(request.body)
    if (!parsed.success) {
      // Calling again would not help: a success ends it.
      log.warn({ problem: parsed.error.message }, 'a task cannot be read; it is dropped')
      response.status(204).end()
      return
    }
    try {
      await run(parsed.data)
      response.status(204).end()
    } catch (error) {
      log.warn({ task: parsed.data.name, error: String(error) }, 'a task failed; it comes again')
      response.status(500).json({ error: 'the task failed; try again' })
    }
  }
}
