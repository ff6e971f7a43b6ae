import type { HttpFunction } from '@google-cloud/functions-framework'
import { type FleetServices, sweep } from 'graupel/engine'
import { makeTaskFunction } from '../task-function.ts'

/** One look at all open batches and workers for what has been lost. */
export const makeSweepFunction = (services: FleetServices): HttpFunction =>
  makeTaskFunction(services.log, (task) => sweep(services, task))
