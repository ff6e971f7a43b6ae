import type { Ranges, ShardEvent } from '../model/index.ts'
import { inClippedRanges } from './clip-ranges.ts'
import type { Draft } from './draft.ts'
import type { Outcome } from './outcome.ts'
import { settle } from './settle.ts'

type EdgesResolved = Extract<ShardEvent, { type: 'edgesResolved' }>
type EdgesAsked = Extract<ShardEvent, { type: 'edgesAsked' }>
type PortsAttached = Extract<ShardEvent, { type: 'portsAttached' }>

export function onBatchStarted(draft: Draft): Outcome {
  if (draft.isStarted) return { kind: 'ignored', reason: 'alreadyStarted' }
  draft.isStarted = true
  draft.hasChanged = true
  settle(draft, draft.states.keys())
  return { kind: 'applied' }
}

/** A port is set once and never changes: a repeated, late or reordered event sets the same letter again. */
export function onEdgesResolved(draft: Draft, event: EdgesResolved): Outcome {
  const resolved = [...resolve(draft, event, event.succeeded, 's'), ...resolve(draft, event, event.failed, 'f')]
  if (resolved.length === 0) return { kind: 'ignored', reason: 'alreadyResolved' }
  draft.hasChanged = true
  settle(draft, new Set(resolved.flatMap((port) => draft.plan.childrenOfPort[port] ?? [])))
  return { kind: 'applied' }
}

function resolve(draft: Draft, event: EdgesResolved, ports: Ranges, letter: 's' | 'f'): number[] {
  const resolved: number[] = []
  for (const port of inClippedRanges(ports, 0, draft.ports.length - 1)) {
    if (draft.ports[port] !== '.' || draft.plan.sourceOfPort[port] !== event.fromShard) continue
    draft.ports[port] = letter
    resolved.push(port)
  }
  return resolved
}

/** Another shard misses edges of this one: forget that they were sent, so that they are sent again. */
export function onEdgesAsked(draft: Draft, event: EdgesAsked): Outcome {
  const sent = [...draft.sentPorts]
  let hasForgotten = false
  for (const [index, edge] of draft.plan.outEdges.entries()) {
    if (edge.toShard !== event.byShard || sent[index] !== '1') continue
    sent[index] = '0'
    hasForgotten = true
  }
  if (!hasForgotten) return { kind: 'ignored', reason: 'nothingAsked' }
  draft.sentPorts = sent.join('')
  draft.hasChanged = true
  return { kind: 'applied' }
}

export function onPortsAttached(draft: Draft, event: PortsAttached): Outcome {
  if (draft.attached.includes(event.update)) return { kind: 'ignored', reason: 'alreadyAttached' }
  draft.attached = [...draft.attached, event.update].sort((left, right) => left - right)
  // Out-ports of another update may move, so what was sent is no longer known by its place.
  draft.sentPorts = ''
  draft.hasChanged = true
  return { kind: 'applied' }
}
