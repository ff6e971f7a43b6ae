import { z } from 'zod'
import type { MachineOffer, Refusal } from './ports.ts'

const firstPauseMs = 30_000
const longestPauseMs = 10 * 60_000

/** Nothing of a family is asked for in a region for a while, because there was none. */
export const breakerSchema = z.object({
  region: z.string(),
  family: z.string(),
  isSpot: z.boolean(),
  /** Of the offers that were refused, where smaller machines may still be had. Absent: those of all tiers. */
  tier: z.number().int().optional(),
  cause: z.enum(['stockout', 'quota', 'rate']),
  message: z.string(),
  quota: z.string().optional(),
  zones: z.array(z.string()).optional(),
  /** Refusals in a row: each doubles the pause. */
  times: z.number().int(),
  since: z.number(),
  until: z.number(),
})
export type Breaker = z.infer<typeof breakerSchema>

type Place = Pick<MachineOffer, 'region' | 'family' | 'isSpot' | 'tier'>

/** Those of all tiers, and of the place's own. */
const isOf =
  ({ region, family, isSpot, tier = 0 }: Place) =>
  (breaker: Breaker) =>
    breaker.region === region &&
    breaker.family === family &&
    breaker.isSpot === isSpot &&
    (breaker.tier ?? tier) === tier

/** May be asked for: never refused, or not lately. */
export const isClosed = (breakers: readonly Breaker[], place: Place, at: number): boolean =>
  !breakers.some((breaker) => isOf(place)(breaker) && breaker.until > at)

/** Of cores: others, as those of machines or disks, leave no more room for smaller machines. */
const isOfCores = ({ cause, quota }: Refusal): boolean => cause === 'quota' && (quota ?? 'CPUS').includes('CPUS')

/** After a refusal: nothing of these families there for a while, and for longer each time. */
export function trip(breakers: readonly Breaker[], places: readonly Place[], refusal: Refusal, at: number): Breaker[] {
  const { families } = refusal
  const hit = places.filter(({ family }) => families === undefined || families.includes(family))
  const isOfTier = isOfCores(refusal)
  const isSame = (place: Place) => (breaker: Breaker) =>
    isOf(place)(breaker) && (breaker.tier !== undefined) === isOfTier
  const tripped = hit.map((place) => {
    const before = breakers.find(isSame(place))
    const times = (before?.times ?? 0) + 1
    const pauseMs = Math.min(firstPauseMs * 2 ** (times - 1), longestPauseMs)
    const { region, family, isSpot, tier = 0 } = place
    const { cause, message, quota, zones } = refusal
    const since = before?.since ?? at
    const told = {
      ...(isOfTier && { tier }),
      ...(quota !== undefined && { quota }),
      ...(zones !== undefined && { zones: [...zones] }),
    }
    return { region, family, isSpot, cause, message, ...told, times, since, until: at + pauseMs }
  })
  return [...breakers.filter((breaker) => !hit.some((place) => isSame(place)(breaker))), ...tripped]
}

/** After a success: as if there had never been a refusal. */
export const close = (breakers: readonly Breaker[], places: readonly Place[]): Breaker[] =>
  breakers.filter((breaker) => !places.some((place) => isOf(place)(breaker)))
