import { type HttpFunction, http } from '@google-cloud/functions-framework'
import { createEngine } from 'graupel/engine'
import { makeApiFunction } from './api/api-function.ts'
import { readConfig } from './config.ts'
import { makeKernelFunction } from './kernel/kernel-function.ts'
import { makeLog } from './log.ts'
import { once } from './once.ts'
import { connectServices } from './services.ts'

const config = once(() => readConfig(process.env))
const services = once(() => connectServices(config(), makeLog(config())))

const engine = once(() => {
  const { lane, lanes: deployedLanes, serviceKey } = config()
  const made = createEngine({ ...services(), lane, deployedLanes, serviceKey })
  // An instance that is taken away answers who waits and finishes its commit.
  process.once('SIGTERM', () => void made.close().then(() => services().close()))
  return made
})

/** A function that is made at its first request. */
function register(name: string, make: () => HttpFunction): void {
  const made = once(make)
  http(name, (request, response) => made()(request, response))
}

register('kernel', () => makeKernelFunction({ ...services(), engine: engine() }))
register('api', () => makeApiFunction(services()))
