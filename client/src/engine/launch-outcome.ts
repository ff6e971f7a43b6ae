import type { MachineShape, PoolId } from '../model/index.ts'
import { close, trip } from './breakers.ts'
import type { LaunchIntent, PoolRecord } from './pool-record.ts'
import type { LaunchRequest, LaunchResult, Refusal } from './ports.ts'

export const requestOf = (
  { pool, shape }: { readonly pool: PoolId; readonly shape: MachineShape },
  { names, requestId, region, isSpot, machineTypes }: LaunchIntent,
): LaunchRequest => ({ pool, shape, names, requestId, region, isSpot, machineTypes })

/** `n2-highmem-16` is of the family `n2`. */
export const familyOf = (machineType: string): string => machineType.split('-')[0] ?? machineType

/** What a pool's record says after the cloud has answered a launch. Pure. */
export function noteOutcome(record: PoolRecord, intent: LaunchIntent, result: LaunchResult, at: number): PoolRecord {
  switch (result.kind) {
    case 'underWay':
      return change(record, intent, { operation: result.operation })
    case 'launched': {
      const settled = settle(record, intent, result.names)
      if (result.refusal !== undefined) return refuse(settled, intent, result.refusal, at)
      const { spotRefusedSince, ...rest } = settled
      const breakers = close(record.breakers, placesOf(intent))
      return { ...rest, ...(!intent.isSpot && spotRefusedSince !== undefined && { spotRefusedSince }), breakers }
    }
    case 'refused':
      return refuse(settle(record, intent, []), intent, result, at)
    case 'impossible':
      return settle(record, intent, [])
    default:
      return result satisfies never
  }
}

const placesOf = ({ region, isSpot, machineTypes, tier }: LaunchIntent) =>
  machineTypes.map((machineType) => ({
    region,
    isSpot,
    family: familyOf(machineType),
    ...(tier !== undefined && { tier }),
  }))

function refuse(record: PoolRecord, intent: LaunchIntent, refusal: Refusal, at: number): PoolRecord {
  const breakers = trip(record.breakers, placesOf(intent), refusal, at)
  const isDry = intent.isSpot && refusal.cause !== 'rate'
  return { ...record, breakers, ...(isDry && { spotRefusedSince: record.spotRefusedSince ?? at }) }
}

/** The machines that do not come are awaited no longer. */
function settle(record: PoolRecord, intent: LaunchIntent, names: readonly string[]): PoolRecord {
  const came = new Set(names)
  return change(record, intent, { operation: undefined, names: (known) => known.filter((name) => came.has(name)) })
}

function change(
  record: PoolRecord,
  { requestId }: LaunchIntent,
  to: { operation: string | undefined; names?: (known: readonly string[]) => string[] },
): PoolRecord {
  const intents = record.intents.map((one) => {
    if (one.requestId !== requestId) return one
    const { operation: _, ...rest } = one
    return {
      ...rest,
      names: to.names?.(one.names) ?? one.names,
      ...(to.operation !== undefined && { operation: to.operation }),
    }
  })
  return { ...record, intents }
}
