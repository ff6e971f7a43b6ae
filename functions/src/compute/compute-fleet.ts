import type { Fleet, LaunchRequest, LaunchResult, Machine, MachineOffer, Refusal } from 'graupel/engine'
import { type MachineShape, machineNameOf, type WorkerId } from 'graupel/model'
import { bulkInsertionOf, deploymentLabel, type MachineSettings } from './bulk-insertion.ts'
import { dryZones, isNotFound, problemOfCall, problemsOf } from './call-problem.ts'
import type { ComputeApi, Instance, Operation } from './compute-api.ts'
import { classify, isAlreadyThere, isStockout, type LaunchProblem } from './launch-errors.ts'
import { machineOfInstance, regionOfZone, zoneOf } from './machine-of-instance.ts'
import { type OfferSettings, offersOf } from './offers.ts'
import { rankRegions, SpotAdvice } from './spot-advice.ts'

export interface ComputeFleetOptions extends MachineSettings, OfferSettings {
  readonly api: ComputeApi
  /** Default: the machine's clock. */
  readonly now?: (() => number) | undefined
}

/** Machines of Compute Engine. It keeps nothing that the cloud does not know better. */
export class ComputeFleet implements Fleet {
  readonly #options: ComputeFleetOptions
  readonly #advice: SpotAdvice
  /** Where machines were seen last: a removal needs the zone. */
  #zones: ReadonlyMap<string, string> = new Map()
  /** Zones of our regions that did not answer last time. */
  #unreachable: ReadonlySet<string> = new Set()

  constructor(options: ComputeFleetOptions) {
    this.#options = options
    this.#advice = new SpotAdvice(options.api, options.now ?? Date.now)
  }

  async offers(shape: MachineShape): Promise<MachineOffer[]> {
    const offers = offersOf(shape, this.#options)
    return shape.isSpot ? this.#byAdvice(offers) : offers
  }

  /** @throws the client's error when nobody knows whether it took effect: the same request again will tell */
  async launch(request: LaunchRequest): Promise<LaunchResult> {
    if (request.machineTypes.length === 0) return { kind: 'impossible', message: 'there is no such machine' }
    try {
      const operation = await this.#options.api.bulkInsert(bulkInsertionOf(request, this.#options))
      return operation.status === 'DONE' ? this.#outcome(request, operation) : underWay(operation)
    } catch (error) {
      const problem = problemOfCall(error)
      if (problem === undefined) throw error
      if (isAlreadyThere(problem)) return { kind: 'launched', names: request.names }
      return classifyOr(problem, request, error)
    }
  }

  async follow(request: LaunchRequest, operation: string): Promise<LaunchResult> {
    try {
      return await this.#outcome(request, await this.#options.api.operation(request.region, operation))
    } catch (error) {
      // Operations are kept for a while only; by then the list of machines tells all.
      if (isNotFound(error)) return { kind: 'launched', names: request.names }
      throw error
    }
  }

  async list(): Promise<Machine[]> {
    const instances = await this.#instances()
    return instances.map((instance) => machineOfInstance(instance, this.#options.prices, this.#options.diskGb))
  }

  /** A machine that has not been seen before may be anywhere. */
  hides(name: string): boolean {
    const zone = this.#zones.get(name)
    return zone === undefined ? this.#unreachable.size > 0 : this.#unreachable.has(zone)
  }

  async remove(name: string): Promise<void> {
    if (!this.#zones.has(name)) await this.#instances()
    const zone = this.#zones.get(name)
    if (zone === undefined) return
    try {
      await this.#options.api.deleteInstance(zone, name)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  machineOf(worker: WorkerId): string {
    return machineNameOf(worker)
  }

  /** Where there is one region only, there is nothing to choose. */
  async #byAdvice(offers: readonly MachineOffer[]): Promise<MachineOffer[]> {
    const byRegion = Map.groupBy(offers, ({ region }) => region)
    if (byRegion.size < 2) return [...offers]
    const advised = [...byRegion].map(async ([region, own]) => {
      const types = own.filter(({ tier = 0 }) => tier === 0).map(({ machineType }) => machineType)
      return [region, await this.#advice.of(region, types)] as const
    })
    const ranked = rankRegions([...byRegion.keys()], new Map(await Promise.all(advised)))
    return ranked.flatMap((region) => byRegion.get(region) ?? [])
  }

  async #instances(): Promise<readonly Instance[]> {
    const { api, prefix, regions } = this.#options
    const { instances, unreachable } = await api.instances(`labels.${deploymentLabel} = ${prefix}`)
    const dark = new Set(unreachable.filter((zone) => regions.includes(regionOfZone(zone))))
    const seenThere = dark.size === 0 ? [] : [...this.#zones].filter(([, zone]) => dark.has(zone))
    this.#zones = new Map([...seenThere, ...instances.map((one) => [one.name, zoneOf(one)] as const)])
    this.#unreachable = dark
    return instances
  }

  async #outcome(request: LaunchRequest, operation: Operation): Promise<LaunchResult> {
    if (operation.status !== 'DONE') return underWay(operation)
    const problems = problemsOf(operation).filter((problem) => !isAlreadyThere(problem))
    const there = new Set((await this.#instances()).map(({ name }) => name))
    const names = request.names.filter((name) => there.has(name))
    const [problem] = problems
    const result = problem === undefined ? undefined : classifyOr(problem, request, new Error(problem.message))
    if (result?.kind === 'refused' && names.length === 0) return { kind: 'refused', ...refusalOf(result, problems) }
    if (result !== undefined && result.kind !== 'refused') return result
    const refusal = result?.kind === 'refused' ? refusalOf(result, problems) : partial(request, operation)
    // A machine that is not listed yet may still be on its way, unless the operation says that some are not.
    return { kind: 'launched', names: refusal === undefined ? request.names : names, ...(refusal && { refusal }) }
  }
}

const underWay = ({ name }: Operation): LaunchResult => ({ kind: 'underWay', operation: name })

/** @throws `error` if it is no answer to go by */
function classifyOr(problem: LaunchProblem, request: LaunchRequest, error: unknown): LaunchResult {
  const result = classify(problem, request.machineTypes)
  if (result === undefined) throw error
  return result
}

/** Each zone that is dry is an error of its own. */
function refusalOf({ kind: _, ...refusal }: Refused, problems: readonly LaunchProblem[]): Refusal {
  const zones = problems.filter(isStockout).flatMap(({ location }) => location ?? [])
  return zones.length > 0 ? { ...refusal, zones } : refusal
}

type Refused = Extract<LaunchResult, { kind: 'refused' }>

/** Fewer than were asked for is no error to the cloud. */
function partial(request: LaunchRequest, operation: Operation): Refusal | undefined {
  const zones = dryZones(operation)
  if (zones.length === 0) return undefined
  return { cause: 'stockout', message: `some of ${request.names.length} machines could not be made`, zones }
}
