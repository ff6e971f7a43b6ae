import { problemOfCall } from './call-problem.ts'
import type { CapacityAdvice, ComputeApi } from './compute-api.ts'

const keptMs = 5 * 60_000
/** Where the project has no access to the advice, it is not asked for again soon. */
const absentMs = 60 * 60_000

/** How likely Spot machines are to be had in a region. Nobody depends on it: where there is no advice, there is none. */
export class SpotAdvice {
  readonly #api: Pick<ComputeApi, 'adviseOnSpot'>
  readonly #now: () => number
  readonly #known = new Map<string, { readonly advice: CapacityAdvice | undefined; readonly until: number }>()

  constructor(api: Pick<ComputeApi, 'adviseOnSpot'>, now: () => number) {
    this.#api = api
    this.#now = now
  }

  async of(region: string, machineTypes: readonly string[]): Promise<CapacityAdvice | undefined> {
    const key = `${region} ${machineTypes.join()}`
    const known = this.#known.get(key)
    if (known !== undefined && known.until > this.#now()) return known.advice
    const fresh = await this.#ask(region, machineTypes)
    this.#known.set(key, fresh)
    return fresh.advice
  }

  async #ask(region: string, machineTypes: readonly string[]) {
    try {
      return { advice: await this.#api.adviseOnSpot(region, machineTypes), until: this.#now() + keptMs }
    } catch (error) {
      const status = problemOfCall(error)?.httpStatus ?? 500
      return { advice: undefined, until: this.#now() + (status < 500 ? absentMs : keptMs) }
    }
  }
}

const poorObtainability = 0.3
const shortUptimeMs = 30 * 60_000

/** Regions where machines are hardly to be had, or taken away at once, are tried after all others. Pure. */
export function rankRegions(
  regions: readonly string[],
  adviceOf: ReadonlyMap<string, CapacityAdvice | undefined>,
): string[] {
  const isPoor = (region: string) => {
    const { obtainability = 1, uptimeMs = Number.POSITIVE_INFINITY } = adviceOf.get(region) ?? {}
    return obtainability < poorObtainability || uptimeMs < shortUptimeMs
  }
  return [...regions.filter((region) => !isPoor(region)), ...regions.filter(isPoor)]
}
