import {
  isTerminal,
  type MachineShape,
  machineShapeOf,
  type PoolId,
  poolOf,
  type ShardRecord,
  type StateCounts,
  stateOf,
  type WorkerId,
} from '../model/index.ts'
import { type ShardPlan, templateOf } from './shard-plan.ts'

/** Something the record says must be known elsewhere. A lasting fact: harmless when repeated, sent once if all goes well. */
export type Effect =
  | {
      readonly kind: 'resolveEdges'
      readonly key: string
      readonly toShard: number
      readonly port: number
      readonly hasSucceeded: boolean
      /** Its place in `sentPorts`. */
      readonly edge: number
    }
  | {
      readonly kind: 'announceReadyWork'
      readonly key: string
      readonly pool: PoolId
      readonly shape: MachineShape
      readonly notBefore: number
    }
  | { readonly kind: 'finishShard'; readonly key: string; readonly counts: StateCounts; readonly spent?: number }
  | { readonly kind: 'reportFailures'; readonly key: string; readonly failures: number }
  | {
      readonly kind: 'stopAttempt'
      readonly key: string
      readonly worker: WorkerId
      readonly job: number
      readonly attempt: number
    }
  | { readonly kind: 'askEdges'; readonly key: string; readonly fromShard: number }

/** Above this the sent edges are remembered in memory only, so that a record stays under 64 KiB. */
export const maxSentPorts = 16_384

/** Where no machine is brought, nobody need hear of work but that which waits for its time: `delayed`. */
export type AnnouncedWork = 'all' | 'delayed'

/**
 * All that follows from a record, whatever the events were: an event that was ignored because it came twice still
 * brings out what a crash lost the first time. The host sends those whose keys it does not know as sent.
 */
export function effects(plan: ShardPlan, record: ShardRecord, announced: AnnouncedWork = 'all'): Effect[] {
  return [
    ...resolvedEdges(plan, record),
    ...readyWork(plan, record, announced),
    ...stopOrders(record),
    ...missingEdges(plan, record),
    ...tidings(plan, record),
  ]
}

function* resolvedEdges(plan: ShardPlan, record: ShardRecord): Generator<Effect> {
  for (const [edge, { toShard, port, parents }] of plan.outEdges.entries()) {
    if (record.sentPorts[edge] === '1') continue
    const outcome = outcomeOf(record, parents)
    if (outcome === 'open') continue
    const hasSucceeded = outcome === 'succeeded'
    const key = `edge:${toShard}:${port}:${hasSucceeded ? 's' : 'f'}`
    yield { kind: 'resolveEdges', key, toShard, port, hasSucceeded, edge }
  }
}

function outcomeOf(record: ShardRecord, parents: readonly number[]): 'open' | 'succeeded' | 'failed' {
  let hasFailed = false
  for (const parent of parents) {
    const state = stateOf(record.states[parent] ?? '')
    if (!isTerminal(state)) return 'open'
    if (state !== 'Success') hasFailed = true
  }
  return hasFailed ? 'failed' : 'succeeded'
}

/** Every newly Ready job announces its pool, not only the first: the machine that one brings may serve one only. */
function* readyWork(plan: ShardPlan, record: ShardRecord, announced: AnnouncedWork): Generator<Effect> {
  if (record.paused !== undefined) return
  const again = record.resumes === undefined ? '' : `:${record.resumes}`
  for (let index = 0; index < record.states.length; index++) {
    if (record.states[index] !== 'r') continue
    if (announced === 'delayed' && record.notBefore[index] === undefined) continue
    const template = templateOf(plan, index)
    const losses = record.losses[index]
    const pool = poolOf(template, losses)
    const attempt = Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16) + 1
    const key = `ready:${record.firstJob + index}:${attempt}:${pool}${again}`
    const shape = machineShapeOf(template, losses)
    yield { kind: 'announceReadyWork', key, pool, shape, notBefore: record.notBefore[index] ?? 0 }
  }
}

function* stopOrders(record: ShardRecord): Generator<Effect> {
  for (const [index, lease] of Object.entries(record.leases)) {
    if (lease.stopping !== true) continue
    const job = record.firstJob + Number(index)
    const key = `stop:${job}:${lease.attempt}`
    yield { kind: 'stopAttempt', key, worker: lease.worker, job, attempt: lease.attempt }
  }
}

/** Asked for after a sweep found the shard standing still; the number of sweeps in the key makes it a new question. */
function* missingEdges(plan: ShardPlan, record: ShardRecord): Generator<Effect> {
  if (record.sweeps === 0) return
  const sources = new Set(plan.sourceOfPort.filter((_, port) => record.ports[port] === '.'))
  for (const fromShard of sources) yield { kind: 'askEdges', key: `ask:${fromShard}:${record.sweeps}`, fromShard }
}

function* tidings(plan: ShardPlan, record: ShardRecord): Generator<Effect> {
  const failures = record.counts.failed + record.counts.error
  if (plan.chunk.reportsFailures && failures > 0)
    yield { kind: 'reportFailures', key: `failures:${failures}`, failures }
  if (!isFinished(record) || record.sentFinished) return
  const { counts, spent } = record
  yield { kind: 'finishShard', key: 'finished', counts, ...(spent !== undefined && { spent }) }
}

/** All jobs have ended and nobody runs one any more. */
export function isFinished(record: ShardRecord): boolean {
  const { pending, ready, creating, running } = record.counts
  return pending + ready + creating + running === 0 && Object.keys(record.leases).length === 0
}

/** The record with what is now known to be sent; stored with the next commit that happens anyway. */
export function rememberSent(plan: ShardPlan, record: ShardRecord, sent: Iterable<Effect>): ShardRecord {
  const edges: number[] = []
  let sentFinished = record.sentFinished
  for (const effect of sent) {
    if (effect.kind === 'resolveEdges' && isEdgeOf(plan, effect)) edges.push(effect.edge)
    if (effect.kind === 'finishShard') sentFinished = true
  }
  const sentPorts = markSent(plan, record.sentPorts, edges)
  const isKnown = sentPorts === record.sentPorts && sentFinished === record.sentFinished
  return isKnown ? record : { ...record, sentFinished, sentPorts }
}

/** An effect may have been derived before ports were attached, and another edge stand in its place now. */
function isEdgeOf(plan: ShardPlan, effect: Extract<Effect, { kind: 'resolveEdges' }>): boolean {
  const edge = plan.outEdges[effect.edge]
  return edge !== undefined && edge.toShard === effect.toShard && edge.port === effect.port
}

function markSent(plan: ShardPlan, sentPorts: string, edges: readonly number[]): string {
  if (plan.outEdges.length > maxSentPorts) return ''
  if (edges.length === 0) return sentPorts
  const digits = [...sentPorts.padEnd(plan.outEdges.length, '0')]
  for (const edge of edges) digits[edge] = '1'
  return digits.join('')
}
