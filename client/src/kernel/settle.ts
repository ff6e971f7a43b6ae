import { type EndReason, isTerminal, type TerminalState } from '../model/index.ts'
import { boundReason } from './bound-reason.ts'
import { type Draft, setState, stateAt } from './draft.ts'
import { templateOf } from './shard-plan.ts'

/** Ends a job and lets its children see it. The only place that makes a state final. */
export function endJob(draft: Draft, index: number, state: TerminalState, reason: EndReason | undefined): void {
  setState(draft, index, state)
  draft.leases.delete(index)
  draft.notBefore.delete(index)
  draft.losses.delete(index)
  if (reason !== undefined) draft.ends.set(index, boundReason(draft.ends.values(), reason))
  settle(draft, draft.plan.children[index] ?? [])
}

/**
 * Moves those of the given Pending jobs whose parents have all ended: to Ready if all succeeded or the job always runs,
 * else to Cancelled, and so on to their children. A work list, not recursion: a chain may be 512 long.
 */
export function settle(draft: Draft, indexes: Iterable<number>): void {
  if (!draft.isStarted) return
  const work = [...indexes]
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    if (stateAt(draft, index) !== 'Pending') continue
    const outcome = outcomeOfParents(draft, index)
    if (outcome === 'open') continue
    if (outcome === 'succeeded' || templateOf(draft.plan, index).alwaysRun) {
      setState(draft, index, 'Ready')
      continue
    }
    setState(draft, index, 'Cancelled')
    draft.ends.set(index, { cause: 'parent' })
    work.push(...(draft.plan.children[index] ?? []))
  }
}

/** Derived from the parents every time, never counted: an event that comes twice changes nothing. */
function outcomeOfParents(draft: Draft, index: number): 'open' | 'succeeded' | 'failed' {
  let hasFailed = false
  for (const port of draft.plan.portsOf[index] ?? []) {
    if (draft.ports[port] === '.') return 'open'
    if (draft.ports[port] === 'f') hasFailed = true
  }
  for (const parent of draft.plan.parents[index] ?? []) {
    const state = stateAt(draft, parent)
    if (!isTerminal(state)) return 'open'
    if (state !== 'Success') hasFailed = true
  }
  return hasFailed ? 'failed' : 'succeeded'
}
