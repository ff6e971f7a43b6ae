import type { Effect } from '../kernel/index.ts'
import { type ShardRecord, toRanges } from '../model/index.ts'
import { type Outgoing, toBatch, toShard } from './outgoing.ts'

type EdgeEffect = Extract<Effect, { kind: 'resolveEdges' }>

/** What of a shard's effects travels to other records. Pure. */
export function outgoingOf(record: ShardRecord, effects: readonly Effect[]): Outgoing[] {
  return [...edgeEvents(record, effects), ...otherEvents(record, effects)]
}

/** One event per target shard, however many ports: an edge costs a few bytes, not a message. */
function edgeEvents(record: ShardRecord, effects: readonly Effect[]): Outgoing[] {
  const byShard = new Map<number, EdgeEffect[]>()
  for (const effect of effects) {
    if (effect.kind !== 'resolveEdges') continue
    const edges = byShard.get(effect.toShard)
    if (edges === undefined) byShard.set(effect.toShard, [effect])
    else edges.push(effect)
  }
  return [...byShard].map(([shard, edges]) =>
    toShard(record.batch, shard, record.lanes, [
      {
        type: 'edgesResolved',
        fromShard: record.shard,
        succeeded: portsOf(edges, true),
        failed: portsOf(edges, false),
      },
    ]),
  )
}

function portsOf(edges: readonly EdgeEffect[], hasSucceeded: boolean) {
  const ports = edges.filter((edge) => edge.hasSucceeded === hasSucceeded).map((edge) => edge.port)
  return [...toRanges(ports.sort((left, right) => left - right))].map((range) =>
    typeof range === 'number' ? range : ([range[0], range[1]] satisfies [number, number]),
  )
}

const shardFinished = (shard: ShardRecord['shard'], { counts, spent }: Extract<Effect, { kind: 'finishShard' }>) =>
  ({ type: 'shardFinished', shard, counts, ...(spent !== undefined && { spent }) }) as const

function otherEvents(record: ShardRecord, effects: readonly Effect[]): Outgoing[] {
  const { batch, shard, lanes } = record
  return effects.flatMap((effect): Outgoing[] => {
    switch (effect.kind) {
      case 'finishShard':
        return [toBatch(batch, lanes, [shardFinished(shard, effect)])]
      case 'reportFailures':
        return [toBatch(batch, lanes, [{ type: 'failuresSeen', shard, failures: effect.failures }])]
      case 'askEdges':
        return [toShard(batch, effect.fromShard, lanes, [{ type: 'edgesAsked', byShard: shard }])]
      case 'resolveEdges':
      case 'announceReadyWork':
      case 'stopAttempt':
        return []
      default:
        return effect satisfies never
    }
  })
}
