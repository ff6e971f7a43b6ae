import { createRequire } from 'node:module'

/** What CommonJS modules export, by identity: how `require` would find it again. */
export class RequiredModules {
  readonly #known = new Map<object, { readonly path: string; readonly member: string | undefined }>()
  readonly #seen = new Set<string>()
  readonly #cache = createRequire(import.meta.url).cache

  find(value: object): { readonly path: string; readonly member: string | undefined } | undefined {
    return this.#known.get(value)
  }

  /** Looks at what has been loaded since. */
  refresh(): void {
    for (const [path, module] of Object.entries(this.#cache)) {
      if (module === undefined || !module.loaded || this.#seen.has(path)) continue
      this.#seen.add(path)
      this.#add(path, module.exports)
    }
  }

  #add(path: string, exported: unknown): void {
    if (!isPackaged(path) || !isObject(exported)) return
    if (!this.#known.has(exported)) this.#known.set(exported, { path, member: undefined })
    for (const member of Object.keys(exported)) {
      const value: unknown = Object.getOwnPropertyDescriptor(exported, member)?.value
      if (typeof value === 'function' && !this.#known.has(value)) this.#known.set(value, { path, member })
    }
  }
}

/** What the program's own modules export is copied like everything else of the program. */
const isPackaged = (path: string): boolean => /[\\/]node_modules[\\/]/.test(path)

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
