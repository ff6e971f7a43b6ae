import { type HttpFunction, http } from '@google-cloud/functions-framework'
import { createEngine } from 'graupel/engine'
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
const fleetServices = once(async () => fleetServicesOf(config(), services(), await connectFleet(config())))

const engine = once(() => {
  const { lane, lanes: deployedLanes, serviceKey, machines } = config()
  const dollarsPerHour = priceOfWorker(machines.diskGb)
  const made = createEngine({ ...services(), lane, deployedLanes, serviceKey, dollarsPerHour })
  // An instance that is taken away answers who waits and finishes its commit.
  process.once('SIGTERM', () => void made.close().then(() => services().close()))
  return made
})

/** A function that is made at its first request. */
function register(name: string, make: () => HttpFunction | Promise<HttpFunction>): void {
  const made = once(make)
  http(name, async (request, response) => (await made())(request, response))
}

register('kernel', () => makeKernelFunction({ ...services(), engine: engine() }))
register('api', () => makeApiFunction(services()))
register('provision', async () => makeProvisionFunction(await fleetServices()))
register('sweep', async () => makeSweepFunction(await fleetServices()))
