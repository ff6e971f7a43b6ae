import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Modules with code of functions, each evaluated once: the name of its file tells its content, wherever it lies. */
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
