import { type HttpFunction, http } from '@google-cloud/functions-framework'
import { createEngine } from 'graupel/engine'
import { laneTopic } from 'graupel/model'
import { makeApiFunction } from './api/api-function.ts'
import { priceOfWorker } from './compute/prices/price-of-worker.ts'
import { readConfig } from './config.ts'
import { connectFleet } from './connect-fleet.ts'
import { fleetServicesOf } from './fleet-services.ts'
import { makeKernelFunction } from './kernel/kernel-function.ts'
import { makeLog } from './log.ts'
import { once } from './once.ts'
import { makeProvisionFunction } from './provision/provision-function.ts'
import { connectServices } from './services.ts'
import { makeSweepFunction } from './sweep/sweep-function.ts'

const config = once(() => readConfig(process.env))
const services = once(() => connectServices(config(), makeLog(config())))
const fleetServices = once(() => fleetServicesOf(config(), services(), connectFleet(config())))

const engine = once(() => {
  const { lane, lanes: deployedLanes, serviceKey, machines } = config()
  const dollarsPerHour = priceOfWorker(machines.diskGb)
  const made = createEngine({ ...services(), lane, deployedLanes, serviceKey, dollarsPerHour })
  // An instance that is taken away answers who waits and finishes its commit.
  process.once('SIGTERM', () => void made.close().then(() => services().close()))
  return made
})

/** A function that is made at its first request. */
function register(name: string, make: () => HttpFunction): void {
  const made = once(make)
  http(name, (request, response) => made()(request, response))
}

register('kernel', () => {
  const { callers, topicPrefix, lane } = config()
  return makeKernelFunction({ ...services(), engine: engine(), callers, topic: laneTopic(topicPrefix, lane) })
})
register('api', () => makeApiFunction(services()))
register('provision', () => makeProvisionFunction(fleetServices()))
register('sweep', () => makeSweepFunction(fleetServices()))
