import type { Clock } from 'graupel/execution'

/**
 * A container's address is known only once it has begun, and its program may be quicker to ask than the engine to list
 * it: so an address is looked for again for a second and a half before it is nobody's.
 */
const pausesMs = [50, 100, 200, 400, 750]

export interface JobContainersOptions {
  /** Addresses of all running containers of jobs, as the engine has them now. */
  readonly list: () => Promise<ReadonlySet<string>>
  readonly clock: Clock
}

/** Which addresses are those of running jobs. The engine is asked each time: an address goes to another container soon. */
export class JobContainers {
  readonly #options: JobContainersOptions
  #underWay: Promise<unknown> = Promise.resolve()
  #next: Promise<ReadonlySet<string>> | undefined

  constructor(options: JobContainersOptions) {
    this.#options = options
  }

  /** Whether the address is a running job's. */
  async has(address: string): Promise<boolean> {
    for (const pauseMs of [...pausesMs, 0]) {
      if ((await this.#look()).has(address)) return true
      if (pauseMs > 0) await this.#options.clock.sleep(pauseMs)
    }
    return false
  }

  /**
   * One look at a time, for all who ask before it begins: many requests of one job must not keep the engine from the
   * others. A look that has begun may not know the newest.
   */
  #look(): Promise<ReadonlySet<string>> {
    this.#next ??= this.#underWay.then(() => {
      this.#next = undefined
      const look = this.#options.list()
      this.#underWay = look.catch(() => undefined)
      return look
    })
    return this.#next
  }
}
