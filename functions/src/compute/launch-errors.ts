import type { LaunchResult } from 'graupel/engine'
import { familyOf } from 'graupel/engine'

/** What went wrong, from an operation or from a call that was refused. */
export interface LaunchProblem {
  /** Google's code of the operation's error, or the reason of the refused call; may be empty. */
  readonly code: string
  readonly message: string
  readonly httpStatus?: number | undefined
  /** The name of the quota, where Google gives it. */
  readonly quota?: string | undefined
  /** Of a zone. */
  readonly location?: string | undefined
}

/**
 * The machines that a bulk insertion asked for are there already: a repeated request.
 * https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation (2026-11), as are the codes below
 */
export const isAlreadyThere = ({ code, httpStatus }: LaunchProblem): boolean =>
  code === 'RESOURCE_ALREADY_EXISTS' || httpStatus === 409

/** No zone has machines of this kind now. */
export const isStockout = ({ code, message, httpStatus }: LaunchProblem): boolean =>
  /^(ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?|RESOURCE_POOL_EXHAUSTED|VM_MIN_COUNT_NOT_REACHED|insufficientCapacity)$/.test(
    code,
  ) ||
  (httpStatus === 503 && /capacity|exhausted|does not have enough resources/i.test(message))

export const isQuota = ({ code, message }: LaunchProblem): boolean =>
  /^(QUOTA_EXCEEDED|QUOTA_LIMIT_EXCEEDED|quotaExceeded)$/.test(code) || /quota '?[A-Z0-9_]+'? exceeded/i.test(message)

/** Too many requests, or operations under way: the same may be asked again soon. */
export const isRateLimit = ({ code, message, httpStatus }: LaunchProblem): boolean =>
  httpStatus === 429 ||
  /^(rateLimitExceeded|RATE_LIMIT_EXCEEDED|CONCURRENT_OPERATIONS_QUOTA_EXCEEDED|OPERATION_RATE_LIMIT_EXCEEDED)$/.test(
    code,
  ) ||
  /rate limit/i.test(message)

/** The cloud is not well: nothing is known, and the same request will tell. */
export const isPassing = ({ code, httpStatus }: LaunchProblem): boolean =>
  (httpStatus !== undefined && httpStatus >= 500) ||
  /^(INTERNAL_ERROR|UNAVAILABLE|RESOURCE_NOT_READY|backendError)$/.test(code)

/** No repetition helps: a machine type that does not exist, a missing right, a wrong template. */
export const isPermanent = (problem: LaunchProblem): boolean =>
  ![isAlreadyThere, isStockout, isRateLimit, isQuota, isPassing].some((is) => is(problem))

/** `undefined`: not a refusal; it is thrown, and the task comes again. */
export function classify(problem: LaunchProblem, machineTypes: readonly string[]): LaunchResult | undefined {
  const { message, location, quota } = problem
  const families = familiesIn(problem, machineTypes)
  // Before the quotas: a limit on requests is one by name, too.
  if (isRateLimit(problem)) return { kind: 'refused', cause: 'rate', message }
  if (isQuota(problem)) {
    const name = quota ?? /quota '?([A-Z0-9_]+)'? exceeded/i.exec(message)?.[1]
    return {
      kind: 'refused',
      cause: 'quota',
      message,
      families: familiesOfQuota(name, machineTypes),
      ...(name !== undefined && { quota: name }),
    }
  }
  if (isStockout(problem)) {
    return {
      kind: 'refused',
      cause: 'stockout',
      message,
      families,
      ...(location !== undefined && { zones: [location] }),
    }
  }
  return isPassing(problem) ? undefined : { kind: 'impossible', message: message === '' ? problem.code : message }
}

const distinctFamilies = (machineTypes: readonly string[]): string[] => [...new Set(machineTypes.map(familyOf))]

/** Those that the message names; all if it names none. */
function familiesIn({ message }: LaunchProblem, machineTypes: readonly string[]): string[] {
  const named = machineTypes.filter((machineType) => message.includes(machineType))
  return distinctFamilies(named.length > 0 ? named : machineTypes)
}

/** `N2_CPUS` is about one family; `CPUS` and `PREEMPTIBLE_CPUS` about all of them. */
function familiesOfQuota(quota: string | undefined, machineTypes: readonly string[]): string[] {
  const all = distinctFamilies(machineTypes)
  const own = all.filter((family) => quota?.toLowerCase().includes(`${family}_`) === true)
  return own.length > 0 ? own : all
}
