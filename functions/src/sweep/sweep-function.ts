import type { HttpFunction } from '@google-cloud/functions-framework'
import { type FleetServices, machineGone, sweep } from 'graupel/engine'
import { makeTaskFunction } from '../task-function.ts'
import { isPush, readMachineEvent } from './machine-event.ts'

/** One look at all open batches and workers for what has been lost; and Google's word that a machine has gone. */
export function makeSweepFunction(services: FleetServices): HttpFunction {
  const sweepOnce = makeTaskFunction(services.log, (task) => sweep(services, task))
  return async (request, response) => {
    if (!isPush(request.body)) return sweepOnce(request, response)
    try {
      await takeBack(services, request.body)
      response.status(204).end()
    } catch (error) {
      services.log.warn({ error: String(error) }, 'a machine event failed; it comes again')
      response.status(500).json({ error: 'the event failed; try again' })
    }
  }
}

async function takeBack(services: FleetServices, body: unknown): Promise<void> {
  const event = readMachineEvent(body)
  if (event === undefined) {
    services.log.warn({}, 'a machine event cannot be read; it is dropped')
    return
  }
  services.log.info(event, 'a machine has gone')
  await machineGone(services, event.machine, event.cause)
}
