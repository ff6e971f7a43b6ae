import { createEngine, type FleetServices } from 'graupel/engine'
import { laneTopic } from 'graupel/model'
import { makeApiFunction } from '../api/api-function.ts'
import { priceOfWorker } from '../compute/prices/price-of-worker.ts'
import type { FunctionsConfig } from '../config.ts'
import { makeKernelFunction } from '../kernel/kernel-function.ts'
import { makeProvisionFunction } from '../provision/provision-function.ts'
import type { Services } from '../services.ts'
import { makeSweepFunction } from '../sweep/sweep-function.ts'
import type { CleanUp } from './clean-up.ts'
import { type Counters, countCalls } from './counting-ports.ts'
import { hostFunction } from './host-function.ts'

export interface HostedService {
  /** By lane. */
  readonly kernelUrls: readonly string[]
  readonly apiUrl: string
}

export interface KernelsHost {
  readonly config: FunctionsConfig
  readonly services: Services
  /** 0: any free port. */
  readonly apiPort: number
  /** Absent: the kernels' calls are not counted. */
  readonly counters?: Counters | undefined
}

/** The functions that need no machine: one kernel per lane, and the api. */
export async function hostKernels(host: KernelsHost, cleanUp: CleanUp): Promise<HostedService> {
  const lanes = Array.from({ length: host.config.lanes }, (_, lane) => lane)
  const kernelUrls = await Promise.all(lanes.map((lane) => hostKernel(host, lane, cleanUp)))
  const api = await hostFunction('api', makeApiFunction(host.services), host.apiPort)
  cleanUp.add(() => api.close())
  return { kernelUrls, apiUrl: api.url }
}

async function hostKernel({ config, services, counters }: KernelsHost, lane: number, cleanUp: CleanUp) {
  const { lanes: deployedLanes, serviceKey, callers, topicPrefix } = config
  const dollarsPerHour = priceOfWorker(config.machines.diskGb)
  const engine = createEngine({ ...services, lane, deployedLanes, serviceKey, dollarsPerHour })
  const answer = makeKernelFunction({ ...services, engine, callers, topic: laneTopic(topicPrefix, lane) })
  const kernel = await hostFunction(`kernel-${lane}`, counters === undefined ? answer : countCalls(answer, counters))
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
