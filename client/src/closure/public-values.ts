import { builtinModules } from 'node:module'
import type { Extension } from '../values/json.ts'
import { nodeGlobals } from './node-globals.ts'

/** Objects and functions that each process has of its own, by identity, with the way to them. */
export class PublicValues {
  readonly #known = new Map<object, Extension>()
  #hasModules = false

  constructor() {
    for (const name of nodeGlobals()) this.#addMember('closure:global', [name], globalThis, name)
    this.#addMember('closure:global', ['process', 'env'], process, 'env')
  }

  /** Also what the program itself has put there: who asks makes certain that it is Node's. */
  find(value: object): Extension | undefined {
    return this.#known.get(value)
  }

  /** Also among the modules of Node. */
  findInModules(value: object): Extension | undefined {
    if (!this.#hasModules) for (const name of quietModules) this.#addModule(name)
    this.#hasModules = true
    return this.find(value)
  }

  #addModule(name: string): void {
    const exported: unknown = process.getBuiltinModule(name)
    if (isObject(exported)) this.#add('closure:module', [name], exported)
  }

  #addMember(kind: string, path: readonly string[], owner: object, name: string): void {
    // Getters are left alone: some warn, some open what they stand for.
    const value: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value
    if (isObject(value)) this.#add(kind, path, value)
  }

  #add(kind: string, path: readonly string[], value: object): void {
    if (this.#known.has(value)) return
    this.#known.set(value, { kind, data: path })
    for (const name of Object.getOwnPropertyNames(value)) {
      if (isMember(value, name)) this.#addMember(kind, [...path, name], value, name)
    }
  }
}

/** Functions and prototypes are each process's own; other objects are data, and copied. */
function isMember(owner: object, name: string): boolean {
  if (name === 'constructor' || name === 'caller' || name === 'arguments') return false
  return name === 'prototype' || typeof Object.getOwnPropertyDescriptor(owner, name)?.value === 'function'
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

// The others warn when they are loaded, or start something.
const quietModules = builtinModules.filter(
  (name) => !/^(?:_|node:|punycode$|sys$|wasi$|domain$|cluster$|repl$|inspector|trace_events|test)/.test(name),
)
