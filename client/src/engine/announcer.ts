import type { Effect } from '../kernel/index.ts'
import type { MachineShape, PoolId } from '../model/index.ts'
import { allSettled } from './all-settled.ts'
import type { EngineServices } from './engine.ts'
import { firstProvisionTask, provisionTask } from './task-names.ts'

/** Names are forgotten after this many; a forgotten one is enqueued again and found to exist. */
const maxRemembered = 1_000

/** Tells the provisioner that a pool has work: every newly ready job does, and a window's worth makes one tick. */
export class Announcer {
  readonly #services: EngineServices
  readonly #enqueued = new Set<string>()

  constructor(services: EngineServices) {
    this.#services = services
  }

  /** Resolves when a tick that will see this work is certain to come. */
  async announce(effects: readonly Effect[]): Promise<void> {
    const now = this.#services.clock.now()
    const pools = new Map<PoolId, { readonly shape: MachineShape; readonly times: Set<number> }>()
    for (const effect of effects) {
      if (effect.kind !== 'announceReadyWork') continue
      const known = pools.get(effect.pool) ?? { shape: effect.shape, times: new Set() }
      pools.set(effect.pool, known)
      known.times.add(Math.max(now, effect.notBefore))
    }
    await allSettled(
      [...pools].flatMap(([pool, { shape, times }]) => [...times].map((at) => this.#tick(pool, shape, at))),
    )
  }

  async #tick(pool: PoolId, shape: MachineShape, at: number): Promise<void> {
    if (!this.#services.isElastic) return
    for (const task of [firstProvisionTask(pool, shape, at), provisionTask(pool, shape, at)]) {
      if (this.#enqueued.has(task.name)) continue
      await this.#services.tasks.enqueue(task)
      this.#enqueued.add(task.name)
    }
    if (this.#enqueued.size > maxRemembered) this.#enqueued.clear()
  }
}
