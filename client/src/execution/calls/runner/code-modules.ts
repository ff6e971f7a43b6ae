import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Modules with code of functions. The name of a file, which ends in `.mjs`, tells its content, wherever it lies: so each
 * is evaluated once in a process, and what its own variables hold is there for the next call.
 */
export class CodeModules {
  readonly #modules = new Map<string, Promise<unknown>>()

  load(path: string): Promise<unknown> {
    const name = basename(path)
    const known = this.#modules.get(name)
    if (known !== undefined) return known
    const loaded = import(pathToFileURL(path).href)
    this.#modules.set(name, loaded)
    loaded.catch(() => this.#modules.delete(name))
    return loaded
  }
}
