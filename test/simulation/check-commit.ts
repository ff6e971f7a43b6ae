import type { Write } from 'graupel/engine'
import { type BatchRecord, isTerminal, type ShardRecord, stateOf, type WorkerRecord } from 'graupel/model'
import type { Ghost } from './ghost.ts'
import type { Change, Records } from './records.ts'
import type { JobPlan } from './workload.ts'
import type { World } from './world.ts'

export interface CheckSurroundings {
  readonly world: World
  readonly records: Records
  readonly ghost: Ghost
  readonly plans: ReadonlyMap<string, JobPlan>
  /** From then on all goes well: a lease that nobody works at is given back within minutes. */
  readonly healedAt: number
  /** A worker that has fetched jobs ahead may let them wait. */
  readonly hasQueue: (worker: string) => boolean
}

/** Where a job may go in one commit: a commit may hold several steps. */
const legal: Readonly<Record<string, string>> = { p: 'prcX', r: 'rcXE', c: 'crucSFEX', u: 'urcSFEX' }

const longestIdleMs = 20 * 60_000

/** What must hold of every commit, whatever goes wrong around it. */
export class CommitChecker {
  readonly #around: CheckSurroundings

  constructor(around: CheckSurroundings) {
    this.#around = around
  }

  check(writes: readonly Write[]): void {
    const { records } = this.#around
    const commit = records.apply(writes)
    for (const change of commit.shards) this.#checkShard(change)
    for (const change of commit.batches) this.#checkBatch(change)
    for (const change of commit.workers) this.#checkWorker(change)
    if (commit.workers.length > 0) this.#checkIdleLeases()
  }

  #checkIdleLeases(): void {
    const { ghost, hasQueue, healedAt, plans, records, world } = this.#around
    if (world.now() < healedAt) return
    for (const shard of records.shards.values())
      for (const [index, { at, attempt, worker }] of Object.entries(shard.leases)) {
        const name = records.names.get(`${shard.batch}/${shard.firstJob + Number(index)}`) ?? ''
        const idleMs = world.now() - (ghost.lastRunAt(name, attempt) ?? at)
        if (idleMs > longestIdleMs && !plans.get(name)?.isBarrier && !hasQueue(worker))
          this.#violate(`${name} is leased to ${worker}, which has not run it for long`)
      }
  }

  #violate(sentence: string): void {
    this.#around.world.violate(sentence)
  }

  #checkShard({ before, after }: Change<ShardRecord>): void {
    if (before === undefined) return
    if (after.version <= before.version) this.#violate(`shard ${after.batch}/${after.shard} did not raise its version`)
    for (let index = 0; index < after.states.length; index++) this.#checkJob(before, after, index)
  }

  #checkJob(before: ShardRecord, after: ShardRecord, index: number): void {
    const was = before.states[index] ?? ''
    const is = after.states[index] ?? ''
    const number = after.firstJob + index
    const name = this.#around.records.names.get(`${after.batch}/${number}`) ?? ''
    if (isTerminal(stateOf(was)) ? is !== was : !legal[was]?.includes(is))
      this.#violate(`${name} went from ${stateOf(was)} to ${stateOf(is)}`)
    this.#checkLease(before, after, index, name)
    if (was === 'p' && (is === 'r' || is === 'c')) this.#checkParents(after, name)
    if (is === 'S' && was !== 'S') this.#checkSuccess(after, number, name)
    if (is === 'F' && was !== 'F' && this.#planOf(name).failures <= this.#planOf(name).retries)
      this.#violate(`${name} failed with retries left`)
  }

  #checkLease(before: ShardRecord, after: ShardRecord, index: number, name: string): void {
    const old = before.leases[index]
    const lease = after.leases[index]
    const isInFlight = after.states[index] === 'c' || after.states[index] === 'u'
    if (isInFlight !== (lease !== undefined))
      this.#violate(`${name} is in flight without a lease, or has one and is not`)
    const attempts = Number.parseInt(after.attempts.slice(2 * index, 2 * index + 2), 16)
    if (attempts > 250) this.#violate(`${name} had ${attempts} attempts`)
    if (lease === undefined || lease.attempt === old?.attempt) return
    if (lease.attempt !== attempts) this.#violate(`the lease of ${name} is not that of its newest attempt`)
    if (after.isCancelled && !this.#planOf(name).alwaysRun)
      this.#violate(`${name} was given away after its shard was cancelled`)
    const worker = this.#around.records.workers.get(lease.worker)
    if (worker?.state !== 'active') this.#violate(`${name} was given to ${lease.worker}, which is ${worker?.state}`)
    if (!worker?.shards.includes(`${after.batch}/${after.shard}`))
      this.#violate(`the record of ${lease.worker} does not say that it holds ${name}`)
  }

  #checkParents(after: ShardRecord, name: string): void {
    const plan = this.#planOf(name)
    for (const parent of plan.parents) {
      const state = this.#around.records.stateOf(after.batch, parent) ?? 'p'
      if (!isTerminal(stateOf(state)) || (state !== 'S' && !plan.alwaysRun))
        this.#violate(`${name} is ready while its parent ${parent} is ${stateOf(state)}`)
    }
  }

  #checkSuccess(after: ShardRecord, number: number, name: string): void {
    void this.#around.ghost.checkSuccess(this.#planOf(name), number, after.root)
  }

  #checkBatch({ before, after }: Change<BatchRecord>): void {
    if (before === undefined) return
    const isNewlyCancelled = after.isCancelled && !before.isCancelled
    if (isNewlyCancelled && after.reason?.startsWith('cancelled after') === true) {
      const failures = this.#count(after, 'FE')
      if (failures < (after.cancelAfterNFailures ?? 0))
        this.#violate(`batch ${after.id} was cancelled after ${failures} of ${after.cancelAfterNFailures} failures`)
    }
    if (after.endedAt !== undefined && before.completions < after.completions) this.#checkComplete(after)
  }

  #checkComplete(batch: BatchRecord): void {
    const unfinished = this.#count(batch, 'prcu')
    if (unfinished > 0) this.#violate(`batch ${batch.id} is complete with ${unfinished} jobs unfinished`)
    for (const shard of this.#around.records.shardsOf(batch.id))
      if (Object.keys(shard.leases).length > 0) this.#violate(`batch ${batch.id} is complete with a lease left`)
    for (const { job, machine } of this.#around.ghost.aliveOf(batch.id))
      if (!machine.wasFrozen) this.#violate(`batch ${batch.id} is complete and ${job.name} runs on ${machine.name}`)
  }

  #count(batch: BatchRecord, letters: string): number {
    const committed = batch.updates.filter((update) => update.isCommitted)
    const shards = this.#around.records
      .shardsOf(batch.id)
      .filter(({ shard }) => committed.some((one) => shard >= one.firstShard && shard < one.firstShard + one.shards))
    return shards.reduce((sum, { states }) => sum + [...states].filter((letter) => letters.includes(letter)).length, 0)
  }

  #checkWorker({ before, after }: Change<WorkerRecord>): void {
    const ranks = ['active', 'leaving', 'lost', 'gone']
    if (before !== undefined && ranks.indexOf(after.state) < ranks.indexOf(before.state))
      this.#violate(`worker ${after.id} went from ${before.state} back to ${after.state}`)
    if (after.state !== 'gone' && before?.shards.length === after.shards.length) return
    const listed = after.state === 'gone' ? [] : after.shards
    for (const shard of this.#around.records.shards.values())
      if (!listed.includes(`${shard.batch}/${shard.shard}`) && holds(shard, after.id))
        this.#violate(`worker ${after.id} is forgotten (${after.state}) while it holds a lease in shard ${shard.shard}`)
  }

  #planOf(name: string): JobPlan {
    const plan = this.#around.plans.get(name)
    if (plan === undefined) throw new Error(`the run has no job '${name}'`)
    return plan
  }
}

const holds = (shard: ShardRecord, worker: string): boolean =>
  Object.values(shard.leases).some((lease) => lease.worker === worker)
