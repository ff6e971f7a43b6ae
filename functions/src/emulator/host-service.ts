import { createEngine, type FleetServices } from 'graupel/engine'
import { makeApiFunction } from '../api/api-function.ts'
import type { FunctionsConfig } from '../config.ts'
import { makeKernelFunction } from '../kernel/kernel-function.ts'
import { makeProvisionFunction } from '../provision/provision-function.ts'
import type { Services } from '../services.ts'
import { makeSweepFunction } from '../sweep/sweep-function.ts'
import type { CleanUp } from './clean-up.ts'
import { hostFunction } from './host-function.ts'

export interface HostedService {
  /** By lane. */
  readonly kernelUrls: readonly string[]
  readonly apiUrl: string
}

/** The functions that need no machine: one kernel per lane, and the api. */
export async function hostKernels(
  config: FunctionsConfig,
  services: Services,
  apiPort: number,
  cleanUp: CleanUp,
): Promise<HostedService> {
  const lanes = Array.from({ length: config.lanes }, (_, lane) => lane)
  const kernelUrls = await Promise.all(lanes.map((lane) => hostKernel(config, services, lane, cleanUp)))
  const api = await hostFunction('api', makeApiFunction(services), apiPort)
  cleanUp.add(() => api.close())
  return { kernelUrls, apiUrl: api.url }
}

async function hostKernel(config: FunctionsConfig, services: Services, lane: number, cleanUp: CleanUp) {
  const { lanes: deployedLanes, serviceKey } = config
  const engine = createEngine({ ...services, lane, deployedLanes, serviceKey })
  const kernel = await hostFunction(`kernel-${lane}`, makeKernelFunction({ ...services, engine }))
  cleanUp.add(async () => {
    await engine.close()
    await kernel.close()
  })
  return kernel.url
}

/** The functions that launch machines and look after them, where Cloud Tasks will call them. */
export async function hostTasks(
  services: FleetServices,
  urls: { readonly provision: string; readonly sweep: string },
  cleanUp: CleanUp,
): Promise<void> {
  const provision = await hostFunction('provision', makeProvisionFunction(services), portIn(urls.provision))
  cleanUp.add(() => provision.close())
  const sweep = await hostFunction('sweep', makeSweepFunction(services), portIn(urls.sweep))
  cleanUp.add(() => sweep.close())
}

const portIn = (url: string): number => Number(new URL(url).port)
