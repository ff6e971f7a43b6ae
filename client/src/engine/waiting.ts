import type { Breaker } from './breakers.ts'
import type { Cap } from './fleet-limits.ts'
import type { Waiting } from './pool-record.ts'

/** What keeps machines from coming. */
export type Hindrance =
  | { readonly cause: 'boot' }
  | {
      readonly cause: 'limit'
      readonly level: 'pool' | 'deployment' | 'batch'
      readonly of: keyof Cap
      readonly cap: number
      /** Nobody uses any of it, and it is not enough. */
      readonly isTooLow: boolean
    }
  | { readonly cause: 'refused'; readonly breakers: readonly Breaker[] }

/** For the pool's record, and for people. It lasts since the first tick that saw the same cause. */
export function describeWaiting(hindrance: Hindrance, before: Waiting | undefined, at: number): Waiting {
  const { cause, message } = tell(hindrance)
  return { cause, message, since: before?.cause === cause ? before.since : at }
}

function tell(hindrance: Hindrance): Pick<Waiting, 'cause' | 'message'> {
  switch (hindrance.cause) {
    case 'boot':
      return { cause: 'boot', message: 'a machine that is starting' }
    case 'limit': {
      const { of, cap, level, isTooLow } = hindrance
      const remedy = isTooLow ? 'a higher limit, because it needs more' : 'others to end'
      return { cause: 'limit', message: `${remedy}: the ${level} may have ${amount(of, cap)}` }
    }
    case 'refused':
      return tellRefusals(hindrance.breakers)
    default:
      return hindrance satisfies never
  }
}

function amount(of: keyof Cap, cap: number): string {
  switch (of) {
    case 'machines':
      return `${cap} ${cap === 1 ? 'machine' : 'machines'} at once`
    case 'cpus':
      return `${cap} cores at once`
    case 'dollarsPerHour':
      return `machines for $${cap} an hour`
    default:
      return of satisfies never
  }
}

/** A quota is told before a stock-out: it is what a person can change. */
function tellRefusals(breakers: readonly Breaker[]): Pick<Waiting, 'cause' | 'message'> {
  const quotas = breakers.filter(({ cause }) => cause === 'quota')
  if (quotas.length > 0) {
    const named = distinct(quotas.map(({ quota, region }) => `${quota ?? 'machines'} in ${region}`))
    return { cause: 'quota', message: `a higher quota, or others to end: ${named.join(', ')}` }
  }
  const dry = breakers.filter(({ cause }) => cause === 'stockout')
  if (dry.length > 0) {
    const families = distinct(dry.map(({ family }) => family)).join(', ')
    const places = distinct(dry.flatMap(({ zones, region }) => zones ?? [region])).join(', ')
    return {
      cause: 'stockout',
      message: `capacity: ${places} ${places.includes(',') ? 'have' : 'has'} no ${families} left`,
    }
  }
  return { cause: 'rate', message: 'its turn: the cloud takes no more requests at present' }
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort()
