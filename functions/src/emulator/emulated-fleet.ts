import { join } from 'node:path'
import { type EngineLog, type FleetServices, machineGone } from 'graupel/engine'
import type { Resources } from 'graupel/model'
import type { FunctionsConfig } from '../config.ts'
import { connectFleet } from '../connect-fleet.ts'
import { fleetServicesOf } from '../fleet-services.ts'
import type { Services } from '../services.ts'
import type { CleanUp } from './clean-up.ts'
import type { ComputeWorld } from './compute-server/compute-world.ts'
import { startEmulatedCompute } from './compute-server/emulated-compute.ts'
import { ProcessFleet, type ProcessFleetOptions } from './process-fleet.ts'
import type { Watchdog } from './watchdog.ts'

export interface EmulatedFleetOptions {
  readonly kind: 'processes' | 'compute'
  readonly config: FunctionsConfig
  readonly services: Services
  readonly log: EngineLog
  readonly folder: string
  /** What each machine has for jobs. */
  readonly capacity: Resources
  readonly workerProgram: string
  readonly environmentOf: ProcessFleetOptions['environmentOf']
  readonly watchdog: Watchdog
}

export interface EmulatedFleet {
  readonly fleetServices: FleetServices
  /** Absent: machines are processes, without a cloud between. */
  readonly world?: ComputeWorld | undefined
  processes(): readonly number[]
}

/** Machines that are processes of this one: asked for directly, or through Compute Engine's interface. */
export async function startEmulatedFleet(options: EmulatedFleetOptions, cleanUp: CleanUp): Promise<EmulatedFleet> {
  return options.kind === 'compute' ? behindCompute(options, cleanUp) : asProcesses(options, cleanUp)
}

function asProcesses(options: EmulatedFleetOptions, cleanUp: CleanUp): EmulatedFleet {
  const { config, services } = options
  const fleet = makeProcesses(options, (machine) => void report(options, fleetServices, machine, 'infrastructure'))
  const fleetServices = fleetServicesOf(config, services, { fleet })
  cleanUp.add(() => fleet.close())
  return { fleetServices, processes: () => fleet.processes() }
}

/** The real client library, a server in the place of Google's, and a process for each instance that it boots. */
async function behindCompute(options: EmulatedFleetOptions, cleanUp: CleanUp): Promise<EmulatedFleet> {
  const { config, services } = options
  const environments = new Map<string, Record<string, string>>()
  const moreOf = (machine: string) => environments.get(machine) ?? {}
  const processes = makeProcesses(options, () => undefined, moreOf)
  cleanUp.add(() => processes.close())
  const { world, host } = await startEmulatedCompute({ config, processes, environments, onPreempted: told }, cleanUp)
  const connected = connectFleet({ ...config, machines: { ...config.machines, computeHost: host } })
  cleanUp.add(() => connected.close())
  const fleetServices = fleetServicesOf(config, services, connected)
  function told(machine: string): void {
    void report(options, fleetServices, machine, 'preempted')
  }
  return { fleetServices, world, processes: () => processes.processes() }
}

function makeProcesses(
  options: EmulatedFleetOptions,
  onGone: (machine: string) => void,
  moreOf?: ProcessFleetOptions['moreOf'],
): ProcessFleet {
  const { folder, capacity, workerProgram, environmentOf, watchdog, services } = options
  return new ProcessFleet({
    args: [workerProgram],
    environmentOf,
    ...(moreOf !== undefined && { moreOf }),
    folder: join(folder, 'workers'),
    capacity,
    watchdog,
    clock: services.clock,
    onGone,
  })
}

/** As Google's log would tell it. */
async function report(
  { log }: EmulatedFleetOptions,
  services: FleetServices,
  machine: string,
  cause: 'preempted' | 'infrastructure',
): Promise<void> {
  log.warn({ machine, cause }, 'a worker process has ended')
  await machineGone(services, machine, cause).catch((error: unknown) =>
    log.warn({ machine, error: String(error) }, 'its loss could not be told; the sweep will'),
  )
}
