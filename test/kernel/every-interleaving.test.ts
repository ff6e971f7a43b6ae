import { defaultRetryPolicy } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { explore } from './explore-batch.ts'
import type { Alphabet } from './local-graph.ts'
import { possibleOutcomes } from './possible-outcomes.ts'
import { ann, bob, type DrawnGraph } from './small-plans.ts'

const job = (...parents: number[]) => ({ parents, template: {} })
const cleanup = (...parents: number[]) => ({ parents, template: { alwaysRun: true } })

const graphs = {
  chain: [job(), job(1), job(2)],
  join: [job(), job(), job(1, 2)],
  diamond: [job(), job(1), job(1), job(2, 3)],
  diamondWithCleanup: [job(), job(1), job(1), cleanup(2, 3)],
  fan: [job(), job(1), job(1), job(1), job(2, 3, 4)],
} satisfies Record<string, DrawnGraph>

interface Search {
  readonly graph: keyof typeof graphs
  readonly sizes: readonly number[]
  /** Attempts that each job may use. */
  readonly attempts: 1 | 2
  readonly cancels: Alphabet['cancels']
  readonly workers: 1 | 2
  /** It finds at least so many states: a search that finds nothing proves nothing. */
  readonly states: number
}

const searches: readonly Search[] = [
  { graph: 'chain', sizes: [3], attempts: 2, cancels: 'both', workers: 2, states: 600 },
  { graph: 'chain', sizes: [2, 1], attempts: 2, cancels: 'both', workers: 2, states: 2500 },
  { graph: 'chain', sizes: [1, 1, 1], attempts: 2, cancels: 'both', workers: 2, states: 8000 },
  { graph: 'join', sizes: [3], attempts: 2, cancels: 'both', workers: 1, states: 1800 },
  { graph: 'join', sizes: [3], attempts: 2, cancels: 'batch', workers: 2, states: 1400 },
  { graph: 'join', sizes: [2, 1], attempts: 2, cancels: 'both', workers: 1, states: 7200 },
  { graph: 'join', sizes: [1, 2], attempts: 2, cancels: 'both', workers: 2, states: 11_500 },
  { graph: 'join', sizes: [1, 1, 1], attempts: 2, cancels: 'both', workers: 2, states: 50_000 },
  { graph: 'diamond', sizes: [4], attempts: 1, cancels: 'both', workers: 2, states: 570 },
  { graph: 'diamond', sizes: [4], attempts: 2, cancels: 'batch', workers: 1, states: 1300 },
  { graph: 'diamond', sizes: [2, 2], attempts: 2, cancels: 'both', workers: 1, states: 13_000 },
  { graph: 'diamond', sizes: [1, 2, 1], attempts: 2, cancels: 'batch', workers: 1, states: 12_000 },
  { graph: 'diamond', sizes: [1, 1, 1, 1], attempts: 1, cancels: 'both', workers: 1, states: 54_000 },
  { graph: 'diamond', sizes: [1, 1, 1, 1], attempts: 2, cancels: 'batch', workers: 1, states: 68_000 },
  { graph: 'diamondWithCleanup', sizes: [4], attempts: 2, cancels: 'batch', workers: 1, states: 4500 },
  { graph: 'diamondWithCleanup', sizes: [4], attempts: 1, cancels: 'both', workers: 2, states: 1000 },
  { graph: 'diamondWithCleanup', sizes: [1, 2, 1], attempts: 2, cancels: 'both', workers: 1, states: 90_000 },
  { graph: 'diamondWithCleanup', sizes: [1, 1, 1, 1], attempts: 1, cancels: 'both', workers: 1, states: 100_000 },
  { graph: 'fan', sizes: [5], attempts: 1, cancels: 'both', workers: 1, states: 2200 },
  { graph: 'fan', sizes: [1, 3, 1], attempts: 1, cancels: 'both', workers: 2, states: 49_000 },
  { graph: 'fan', sizes: [2, 3], attempts: 1, cancels: 'both', workers: 1, states: 9700 },
  { graph: 'fan', sizes: [1, 1, 1, 1, 1], attempts: 2, cancels: 'none', workers: 1, states: 80_000 },
]

const policyOf = (attempts: number) => ({
  maxAttempts: attempts,
  retry: { ...defaultRetryPolicy, failed: attempts - 1 },
})

const titleOf = ({ graph, sizes, attempts, cancels, workers, states }: Search): string =>
  `${graph} in shards of ${sizes.join('+')}, ${attempts} attempts, ${workers} workers, cancelling ${cancels}: ${states}+ states`

describe('whatever comes, in any order, as often as it likes, late or never, no rule is broken and the end is in reach', () => {
  for (const search of searches)
    test(titleOf(search), async ({ annotate }) => {
      const policy = policyOf(search.attempts)
      const drawn = graphs[search.graph].map((one) => ({ ...one, template: { ...one.template, ...policy } }))
      const workers = [ann, bob].slice(0, search.workers)
      const found = explore(drawn, search.sizes, { workers, cancels: search.cancels, hasRareEvents: true })
      await annotate(`${found.states} states, ${found.transitions} transitions, ${found.reductions} reductions`)
      expect(found.states).toBeGreaterThanOrEqual(search.states)
      expect(found.outcomes).toEqual(possibleOutcomes(drawn, search.cancels))
    })
})
