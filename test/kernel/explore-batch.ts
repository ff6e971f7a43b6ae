import { isTerminal, type JobState, type ShardEvent, stateOf } from 'graupel/model'
import { type Alphabet, LocalGraph, type Step } from './local-graph.ts'
import { check } from './shard-invariants.ts'
import { cutGraph, type DrawnGraph } from './small-plans.ts'

export interface Exploration {
  readonly states: number
  readonly transitions: number
  /** How often `reduce` was asked; less than the transitions, because shards' states recur. */
  readonly reductions: number
  /** States in which every job has ended and no lease is left. */
  readonly ends: number
  /** Each way all jobs may end, as letters in the order of the jobs. */
  readonly outcomes: ReadonlySet<string>
}

/**
 * Every state that a batch can reach, breadth first, each step checked. Then backwards: from every state an end can be
 * reached by what comes by itself, without a cancellation, a loss or a failure to help.
 */
export function explore(graph: DrawnGraph, sizes: readonly number[], alphabet: Alphabet): Exploration {
  const search = new Search(graph, sizes, alphabet)
  search.run()
  search.checkEndsReachable()
  return search
}

class Search implements Exploration {
  readonly #graph: DrawnGraph
  readonly #shards: readonly LocalGraph[]
  readonly #ids = new Map<string, number>()
  readonly #states: (readonly number[])[] = []
  readonly #ends: number[] = []
  /** For each state, those from which ordinary progress leads to it. */
  readonly #origins: number[][] = []
  readonly outcomes = new Set<string>()
  transitions = 0

  constructor(graph: DrawnGraph, sizes: readonly number[], alphabet: Alphabet) {
    this.#graph = graph
    this.#shards = cutGraph(graph, sizes).map((shard) => new LocalGraph(shard, alphabet))
  }

  get states(): number {
    return this.#states.length
  }
  get ends(): number {
    return this.#ends.length
  }
  get reductions(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.reductions, 0)
  }

  run(): void {
    this.#idOf(this.#shards.map(() => 0))
    for (let id = 0; id < this.#states.length; id++) this.#expand(id)
  }

  checkEndsReachable(): void {
    const reached = new Set(this.#ends)
    const work = [...this.#ends]
    for (let id = work.pop(); id !== undefined; id = work.pop())
      for (const origin of this.#origins[id] ?? [])
        if (!reached.has(origin)) {
          reached.add(origin)
          work.push(origin)
        }
    const stuck = this.#states.findIndex((_, id) => !reached.has(id))
    check(stuck < 0, () => `from here the batch never ends: ${this.#tell(stuck)}`)
  }

  #expand(id: number): void {
    const combination = this.#states[id] ?? []
    const locals = combination.map((local, shard) => this.#local(shard, local))
    const edges = new Set(locals.flatMap((local) => local.edges))
    if (locals.every((local) => local.isFinished)) {
      this.#ends.push(id)
      this.outcomes.add(locals.map((local) => local.record.states).join(''))
    }
    for (const [shard, local] of locals.entries())
      for (const step of local.steps) {
        if (step.needs !== undefined && !edges.has(step.needs)) continue
        this.transitions++
        const next = combination.with(shard, step.to)
        this.#checkStep(combination, next, shard, step)
        const to = this.#idOf(next)
        if (step.isProgress) this.#origins[to]?.push(id)
      }
  }

  /** Across shards: no child leaves Pending before all its parents have ended, but by its own cancellation. */
  #checkStep(before: readonly number[], after: readonly number[], shard: number, step: Step): void {
    const from = this.#local(shard, before[shard] ?? 0).record
    const to = this.#local(shard, after[shard] ?? 0).record
    for (let index = 0; index < from.states.length; index++) {
      if (from.states[index] !== 'p' || to.states[index] === 'p') continue
      const job = from.firstJob + index
      if (isCancelOf(step.event, job) && to.states[index] === 'X') continue
      const parents = (this.#graph[job - 1]?.parents ?? []).map((parent) => this.#stateOfJob(after, parent))
      check(parents.every(isTerminal), () => `job ${job} left Pending early by ${JSON.stringify(step.event)}`)
      const mayRun = this.#graph[job - 1]?.template?.alwaysRun === true || parents.every((state) => state === 'Success')
      check((to.states[index] !== 'X') === mayRun, () => `job ${job} is ${to.states[index]}, its parents ${parents}`)
    }
  }

  #stateOfJob(combination: readonly number[], job: number): JobState {
    for (const [shard, local] of combination.entries()) {
      const { record } = this.#local(shard, local)
      const letter = job >= record.firstJob ? record.states[job - record.firstJob] : undefined
      if (letter !== undefined) return stateOf(letter)
    }
    throw new Error(`there is no job ${job}`)
  }

  #local(shard: number, id: number) {
    const graph = this.#shards[shard]
    if (graph === undefined) throw new Error(`there is no shard ${shard}`)
    return graph.state(id)
  }

  #idOf(combination: readonly number[]): number {
    const key = combination.join()
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#states.length
    this.#ids.set(key, id)
    this.#states.push(combination)
    this.#origins.push([])
    return id
  }

  #tell(id: number): string {
    return JSON.stringify(this.#states[id]?.map((local, shard) => this.#local(shard, local).record))
  }
}

const isCancelOf = (event: ShardEvent, job: number): boolean =>
  event.type === 'cancelRequested' && (event.jobs === undefined || event.jobs.some((named) => named === job))
