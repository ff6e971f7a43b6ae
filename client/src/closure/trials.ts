import { UnserializableFunctionError } from '../errors/unserializable-function-error.ts'
import { Encoder } from '../values/encoder.ts'
import { UnencodableError } from '../values/unencodable-error.ts'
import type { CaptureOptions } from './capture-options.ts'
import { CaptureRun } from './capture-run.ts'
import type { CaptureWorld } from './capture-world.ts'
import { extendWith, ResourceRefusal } from './extend-with.ts'
import { VariablePlace } from './variable-place.ts'

/** Tries whether something imported can be copied; if not, its module can still be bundled. */
export class Trials {
  readonly #world: CaptureWorld
  readonly #options: CaptureOptions
  readonly #running = new Set<unknown>()

  constructor(world: CaptureWorld, options: CaptureOptions) {
    this.#world = world
    this.#options = options
  }

  readonly isCapturable = (value: unknown): boolean => {
    // Modules that import each other: the trial that runs decides.
    if (this.#running.has(value)) return true
    this.#running.add(value)
    try {
      const run = new CaptureRun(this.#world, this.isCapturable)
      new Encoder(extendWith(run, this.#options)).encode(value, new VariablePlace('imported', undefined))
      return true
    } catch (error) {
      if (error instanceof UnencodableError) return false
      // A resource is refused by name when its turn comes; its module must not run again.
      if (error instanceof UnserializableFunctionError) return error.cause instanceof ResourceRefusal
      throw error
    } finally {
      this.#running.delete(value)
    }
  }
}
