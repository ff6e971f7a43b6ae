import { commitBatchEvent, publishAll, toShard } from 'graupel/engine'
import { shardId } from 'graupel/model'
import type { MemoryObjectStore } from 'graupel/storage'
import type { Home } from '../../client/src/backends/home.ts'
import { pokeBatch } from '../../client/src/submission/poke-batch.ts'
import { submitBatch } from '../../client/src/submission/submit-batch.ts'
import type { FaultSource } from './faults.ts'
import type { Records } from './records.ts'
import type { SimBus } from './sim-bus.ts'
import { SimProcess } from './sim-process.ts'
import type { SimStore } from './sim-store.ts'
import type { BatchPlan, Submission } from './workload.ts'
import type { World } from './world.ts'

export interface ClientSurroundings {
  readonly world: World
  readonly faults: FaultSource
  readonly store: SimStore
  readonly bus: SimBus
  readonly objects: MemoryObjectStore
  readonly records: Records
  readonly lanes: number
}

/** The programs that submit a batch, add to it and cancel it; each may die in the middle. */
export class SimClient {
  readonly #around: ClientSurroundings
  readonly #plan: BatchPlan

  constructor(around: ClientSurroundings, plan: BatchPlan) {
    this.#around = around
    this.#plan = plan
  }

  start(): void {
    const { cancelAfterMs, cancelJob } = this.#plan
    void this.#submitAll()
    if (cancelAfterMs !== undefined) this.#around.world.after(cancelAfterMs, () => void this.#cancel())
    if (cancelJob !== undefined)
      this.#around.world.after(cancelJob.afterMs, () => void this.#cancelJob(cancelJob.index))
  }

  async #submitAll(): Promise<void> {
    for (const submission of this.#plan.submissions) {
      await this.#around.world.sleep(submission.afterMs)
      const isUpdate = submission !== this.#plan.submissions[0]
      if (isUpdate && !this.#isOpen) return
      // A program that died may be started again with the same token, or never.
      for (let starts = 1; starts <= 3; starts++) {
        if (await this.#runOnce((home) => this.#submit(home, submission, isUpdate))) break
        await this.#around.world.sleep(30_000)
      }
    }
  }

  get #isOpen(): boolean {
    const record = this.#around.records.batches.get(this.#plan.id)
    return record !== undefined && record.state !== 'open' && !record.isCancelled
  }

  async #submit(home: Home, { token, spec, jobs }: Submission, isUpdate: boolean): Promise<void> {
    const { records } = this.#around
    const own = new Set(jobs.map((job) => job.name))
    const withEarlier = spec.jobs.map((job, index) => ({
      ...job,
      earlierParents: (jobs[index]?.parents ?? [])
        .filter((parent) => !own.has(parent))
        .map((parent) => records.numbers.get(parent) ?? 0),
    }))
    await submitBatch(home, {
      batch: this.#plan.id,
      isUpdate,
      token,
      spec: { ...spec, jobs: withEarlier },
      callback: undefined,
      deleteScratch: this.#plan.deleteScratch,
      holdsScratch: false,
    })
  }

  async #cancel(): Promise<void> {
    await this.#runOnce(async (home) => {
      const record = await commitBatchEvent(home, this.#plan.id, { type: 'cancelRequested' })
      if (record !== undefined) await pokeBatch(home, record)
    })
  }

  async #cancelJob(index: number): Promise<void> {
    const name = this.#plan.submissions[0]?.jobs[index]?.name ?? ''
    const number = this.#around.records.numbers.get(name)
    const shard = this.#around.records
      .shardsOf(this.#plan.id)
      .find(({ firstJob, states }) => number !== undefined && number >= firstJob && number < firstJob + states.length)
    if (number === undefined || shard === undefined) return
    await this.#runOnce((home) =>
      publishAll(home.bus, [
        toShard(shard.batch, shardId(shard.shard), shard.lanes, [{ type: 'cancelRequested', jobs: [number] }]),
      ]),
    )
  }

  /** Runs a program that tries again until it succeeds, is told that it never will, or dies. */
  #runOnce(act: (home: Home) => Promise<void>): Promise<boolean> {
    const { world } = this.#around
    const process = new SimProcess(world, `client of ${this.#plan.id}`)
    const died = new Promise<false>((resolve) => process.onDeath(() => resolve(false)))
    const run = async () => {
      for (let tries = 1; ; tries++) {
        try {
          await act(this.#homeOf(process))
          return true
        } catch (error) {
          world.note(`client of ${this.#plan.id} fails: ${String(error)}`)
          if (tries === 50 || (error instanceof Error && error.name === 'InvalidBatchError')) return true
          await process.clock.sleep(1000)
        }
      }
    }
    return Promise.race([run(), died])
  }

  #homeOf(process: SimProcess): Home {
    const { store, bus, objects, lanes } = this.#around
    return {
      store: store.of(process, 'clientDies'),
      bus: bus.of(process),
      objects,
      clock: process.clock,
      changes: { ofDocument: () => () => undefined, ofCollection: () => () => undefined },
      user: 'ann',
      deployedLanes: lanes,
      logPollMs: 1000,
      maxShardJobs: this.#plan.maxShardJobs,
      rootOf: (batch) => `memory:///${batch}`,
    }
  }
}
