import type { Clock } from 'graupel/engine'
import type { World } from './world.ts'

/**
 * One program that may die or stand still at any moment. Everything it learns of the world comes through `call`, so
 * once it is dead nothing of it ever goes on.
 */
export class SimProcess {
  readonly name: string
  readonly world: World
  readonly clock: Clock
  #isDead = false
  #isFrozen = false
  #held: (() => void)[] = []
  readonly #onDeath: (() => void)[] = []

  constructor(world: World, name: string) {
    this.world = world
    this.name = name
    this.clock = { now: () => world.now(), sleep: (ms, signal) => this.call(() => world.sleep(ms, signal)) }
  }

  get isDead(): boolean {
    return this.#isDead
  }

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  /** Does something outside; a dead process never sees what came of it. */
  call<T>(operation: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDead) return
      operation().then(
        (value) => this.#learn(() => resolve(value)),
        (error) => this.#learn(() => reject(error)),
      )
    })
  }

  /** Someone else calls this process. Rejects when it dies before it has answered. */
  serve<T>(operation: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDead) return reject(new Error(`${this.name} is down`))
      this.#onDeath.push(() => reject(new Error(`${this.name} went down`)))
      operation().then(resolve, reject)
    })
  }

  die(): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#held = []
    this.world.note(`${this.name} dies`)
    for (const act of this.#onDeath) act()
  }

  onDeath(act: () => void): void {
    this.#onDeath.push(act)
  }

  freeze(): void {
    this.#isFrozen = true
  }

  thaw(): void {
    this.#isFrozen = false
    const held = this.#held
    this.#held = []
    for (const act of held) act()
  }

  #learn(act: () => void): void {
    if (this.#isDead) return
    if (this.#isFrozen) this.#held.push(act)
    else act()
  }
}
