import { poolId } from 'graupel/model'
import { poolLabel } from '../../compute/bulk-insertion.ts'
import type { FunctionsConfig } from '../../config.ts'
import type { CleanUp } from '../clean-up.ts'
import type { ProcessFleet } from '../process-fleet.ts'
import { ComputeWorld } from './compute-world.ts'
import type { Departure, FakeInstance } from './fake-instance.ts'
import { startComputeServer } from './start-compute-server.ts'

export interface EmulatedComputeOptions {
  readonly config: FunctionsConfig
  /** What instances run. */
  readonly processes: ProcessFleet
  /** What each of them is told beside, as a real one finds it in its metadata. */
  readonly environments: Map<string, Record<string, string>>
  /** The log tells of it, a little later. */
  readonly onPreempted: (machine: string) => void
}

/** The machine itself learns of its end first. */
const logLagMs = 1500

/** Quick enough to wait for, slow enough that nothing is there at once. */
const timing = { operationMs: 500, bootMs: 300, deleteMs: 500, listLagMs: 200 }

/** Compute Engine on this machine: each instance that it boots is a process. */
export async function startEmulatedCompute(
  { config, processes, environments, onPreempted }: EmulatedComputeOptions,
  cleanUp: CleanUp,
): Promise<{ readonly world: ComputeWorld; readonly host: string }> {
  const timers = new Set<NodeJS.Timeout>()
  const world = new ComputeWorld({
    ...placesOf(config),
    now: Date.now,
    after: (ms, act) => later(timers, ms, act),
    timing,
    onRunning: (instance) => {
      const { name, machineType, zone, isSpot } = instance
      environments.set(name, { GRAUPEL_MACHINE: `${machineType},${zone},${isSpot ? 'spot' : 'standard'}` })
      boot(processes, instance)
    },
    onEnded: (instance, how) => {
      end(processes, instance, how)
      if (how === 'preempted') later(timers, logLagMs, () => onPreempted(instance.name))
    },
  })
  processes.onExit = (machine) => world.powerOff(machine)
  const server = await startComputeServer(world)
  cleanUp.add(() => server.close())
  cleanUp.add(() => {
    for (const timer of timers) clearTimeout(timer)
  })
  return { world, host: server.host }
}

function placesOf({ project, machines }: FunctionsConfig) {
  const { regions, templates, subnet } = machines
  return {
    project,
    regions: Object.fromEntries(regions.map((region) => [region, [`${region}-a`, `${region}-b`]])),
    templates: { spot: templates.spot ?? '', standard: templates.standard ?? '' },
    subnet,
  }
}

/** Longer than a timer can wait is longer than this lives. */
const longestTimerMs = 2 ** 31 - 1

function later(timers: Set<NodeJS.Timeout>, ms: number, act: () => void): void {
  const timer = setTimeout(
    () => {
      timers.delete(timer)
      act()
    },
    Math.min(ms, longestTimerMs),
  )
  timers.add(timer)
}

function boot(processes: ProcessFleet, { name, region, labels, machineType, isSpot }: FakeInstance): void {
  const pool = poolId(labels[poolLabel] ?? 'unknown')
  void processes.launch({
    pool,
    names: [name],
    shape: { isSpot },
    requestId: name,
    region,
    isSpot,
    machineTypes: [machineType],
  })
}

/** What switched itself off has ended already. */
function end(processes: ProcessFleet, { name }: FakeInstance, how: Departure): void {
  if (how !== 'off') void processes.remove(name)
}
