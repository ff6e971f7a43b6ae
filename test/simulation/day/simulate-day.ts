import { ComputeFleet } from '@graupel/functions/compute/compute-fleet'
import { parseMachineType } from '@graupel/functions/compute/machine-types'
import { dollarsPerHour } from '@graupel/functions/compute/prices/price-of'
import { ComputeWorld } from '@graupel/functions/emulator/compute-server/compute-world'
import type { FakeInstance } from '@graupel/functions/emulator/compute-server/fake-instance'
import {
  type FleetLimits,
  type FleetServices,
  NeedsCache,
  noLimits,
  provision,
  provisionTask,
  sweep,
  sweepTask,
  type Task,
} from 'graupel/engine'
import { gibForJobs } from 'graupel/model'
import { fleetOptions, settingsOf, spotPool } from '../../compute/world-fixture.ts'
import { Random } from '../random.ts'
import { DayStore, jobNeed } from './day-store.ts'
import { DayTasks } from './day-tasks.ts'
import { type Batch, type Drought, drawBatches, droughts } from './day-weather.ts'
import { DayWorkers } from './day-workers.ts'
import { DirectComputeApi } from './direct-compute-api.ts'
import { VirtualDay } from './virtual-day.ts'

export interface DayOptions {
  readonly seed: number
  readonly maxMachines: number
  readonly batches?: readonly Batch[]
  readonly droughts?: readonly Drought[]
  readonly preemptedPerHour?: number
  readonly hours?: number
  /** Beside `maxMachines`. */
  readonly limits?: Partial<FleetLimits>
}

export interface DayReport {
  readonly submitted: number
  readonly done: number
  readonly lost: number
  readonly mostMachines: number
  /** The most that the machines which were on cost at one time. */
  readonly mostDollarsPerHour: number
  /** What the machines cost, and what the jobs' shares of them would have cost: a perfect packing. */
  readonly dollars: number
  readonly idealDollars: number
  readonly onDemandMachines: number
  readonly busiestMinute: Readonly<Record<string, number>>
  readonly refusedCalls: number
  readonly leftMachines: number
  readonly ticks: number
  readonly failures: readonly string[]
}

const minuteMs = 60_000

/** The real provisioner, sweep and fleet through a day of the fake cloud. Deterministic. */
export async function simulateDay(options: DayOptions): Promise<DayReport> {
  const simulation = new SimulatedDay(options)
  return simulation.run()
}

class SimulatedDay {
  readonly #options: DayOptions
  readonly #day = new VirtualDay()
  readonly #random: Random
  readonly #world: ComputeWorld
  readonly #workers: DayWorkers
  readonly #tasks: DayTasks
  readonly #services: FleetServices
  #mostMachines = 0
  #mostDollarsPerHour = 0
  #dollars = 0
  #idealDollars = 0
  #onDemand = 0
  readonly #priceOf = new Map<string, number>()

  constructor(options: DayOptions) {
    this.#options = options
    this.#random = new Random(options.seed)
    this.#world = new ComputeWorld(this.#settings())
    this.#workers = new DayWorkers({
      day: this.#day,
      world: this.#world,
      random: this.#random.fork(),
      pool: spotPool,
      preemptedPerHour: options.preemptedPerHour ?? 0.03,
      announce: () => this.#announce(),
      slotsOf,
      onUsed: (hours, { machine }) => {
        this.#idealDollars += hours * (this.#priceOf.get(machine) ?? 0)
      },
    })
    this.#tasks = new DayTasks(this.#day, (task) => this.#runTask(task))
    this.#services = this.#makeServices()
  }

  async run(): Promise<DayReport> {
    this.#armSweep()
    const batches = this.#options.batches ?? drawBatches(this.#random.fork())
    for (const { atMs, jobs } of batches) this.#day.after(atMs, () => this.#submit(jobs))
    await this.#day.run((this.#options.hours ?? 24) * 60 * minuteMs)
    const { done, lost } = this.#workers
    return {
      submitted: batches.reduce((sum, { jobs }) => sum + jobs, 0),
      done,
      lost,
      mostMachines: this.#mostMachines,
      mostDollarsPerHour: this.#mostDollarsPerHour,
      dollars: this.#dollars,
      idealDollars: this.#idealDollars,
      onDemandMachines: this.#onDemand,
      busiestMinute: Object.fromEntries(this.#world.rates.busiestMinute),
      refusedCalls: this.#world.rates.refused,
      leftMachines: this.#world.instances.length,
      ticks: this.#tasks.done,
      failures: this.#tasks.failures,
    }
  }

  #settings() {
    const { now, after } = this.#day
    const isHit: Drought['isHit'] = (place) =>
      (this.#options.droughts ?? droughts).some(
        ({ fromMs, toMs, isHit: hits }) => isBetween(now() - this.#day.startedAt, fromMs, toMs) && hits(place),
      )
    return settingsOf(
      { now, after },
      {
        roomIn: (place) => (isHit(place) ? 0 : Number.POSITIVE_INFINITY),
        onRunning: (instance) => this.#noteStart(instance),
        onEnded: (instance, how) => {
          this.#noteEnd(instance)
          this.#workers.ended(instance, how)
        },
      },
    )
  }

  #makeServices(): FleetServices {
    return {
      store: new DayStore(this.#workers),
      bus: { publish: async () => undefined },
      tasks: this.#tasks,
      fleet: new ComputeFleet({ ...fleetOptions, api: new DirectComputeApi(this.#world), now: this.#day.now }),
      clock: this.#day.clock,
      log: { info: () => undefined, warn: () => undefined },
      deployedLanes: 1,
      limits: limitsOf(this.#options),
      onDemandAfterMs: 15 * minuteMs,
      needs: new NeedsCache(),
    }
  }

  #submit(jobs: number): void {
    this.#workers.submit(jobs)
    void this.#tasks.enqueue(sweepTask(this.#day.now()))
  }

  /** The scheduler takes the sweep up again. */
  #armSweep(): void {
    void this.#tasks.enqueue(sweepTask(this.#day.now()))
    this.#day.after(15 * minuteMs, () => this.#armSweep())
  }

  #announce(): void {
    void this.#tasks.enqueue(provisionTask(spotPool, { isSpot: true }, this.#day.now()))
  }

  async #runTask(task: Task): Promise<void> {
    if (task.queue === 'provision') await provision(this.#services, task)
    else await sweep(this.#services, task)
    const { instances } = this.#world
    const on = instances.filter(({ status }) => status === 'RUNNING' || status === 'PROVISIONING')
    const dollarsPerHourOfAll = on.reduce((sum, instance) => sum + priceOf(instance), 0)
    this.#mostMachines = Math.max(this.#mostMachines, instances.length)
    this.#mostDollarsPerHour = Math.max(this.#mostDollarsPerHour, dollarsPerHourOfAll)
  }

  #noteStart(instance: FakeInstance): void {
    this.#priceOf.set(instance.name, priceOf(instance))
    if (!instance.isSpot) this.#onDemand += 1
    this.#workers.started(instance)
  }

  /** Billed by the second from the start on, and a minute at least. */
  #noteEnd({ name, runningAt }: FakeInstance): void {
    const ms = Math.max(minuteMs, this.#day.now() - (runningAt ?? this.#day.now()))
    this.#dollars += (ms / 3_600_000) * (this.#priceOf.get(name) ?? 0)
  }
}

const limitsOf = ({ maxMachines, limits = {} }: DayOptions): FleetLimits => ({
  ...noLimits,
  ...limits,
  pool: { machines: maxMachines, ...limits.pool },
})

/** Jobs of the usual size, as they fit by cores and by memory. */
function slotsOf(machineType: string) {
  const { cores = 0, memoryGib = 0 } = parseMachineType(machineType) ?? {}
  return { cores, slots: Math.min(cores, Math.floor((gibForJobs(memoryGib) * 2 ** 30) / jobNeed.memoryBytes)) }
}

function priceOf({ machineType, region, isSpot, diskGb }: FakeInstance): number {
  const type = parseMachineType(machineType)
  if (type === undefined) throw new Error(`${machineType} is no machine type`)
  return dollarsPerHour(fleetOptions.prices, { type, region, isSpot, diskGb })
}

const isBetween = (ms: number, from: number, to: number): boolean => ms >= from && ms < to
