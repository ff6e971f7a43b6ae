import type { ServerResponse } from 'node:http'

/** Aborted when the client hangs up before it has its answer: nobody waits any more. */
export function closeSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}
