import type { HttpFunction } from '@google-cloud/functions-framework'
import { type FleetServices, provision } from 'graupel/engine'
import { makeTaskFunction } from '../task-function.ts'

/** One tick of a pool: launches the machines that ready work needs. */
export const makeProvisionFunction = (services: FleetServices): HttpFunction =>
  makeTaskFunction(services.log, (task) => provision(services, task))
