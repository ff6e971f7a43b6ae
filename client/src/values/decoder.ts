import { decodeBuiltIn } from './decode-built-in.ts'
import { DecodedBytes } from './decode-bytes.ts'
import type { DecodeOptions } from './decode-options.ts'
import { applyIntegrity, type Integrity } from './integrity.ts'
import type { Extension, Json } from './json.ts'
import { mark } from './json.ts'
import { arrayOf, type Node, textOf } from './node.ts'

/** A value that may still be empty, and what fills it. */
export interface Shell {
  readonly value: unknown
  readonly fill?: () => void
}

/** Makes values from nodes. What is shared is made once, empty, and filled when all that refers to it can find it. */
export class Decoder {
  readonly #options: DecodeOptions
  readonly #root: Json
  readonly #shared: readonly Json[]
  readonly #bytes: DecodedBytes
  readonly #made = new Map<number, unknown>()
  readonly #inMaking = new Set<number>()
  readonly #integrity: { readonly value: object; readonly integrity: Integrity }[] = []
  /** What is shared and still empty. */
  #unfilled: (() => void)[] = []

  static ofText(text: string, options: DecodeOptions): Decoder {
    // `JSON.parse` says any; a text of another kind fails at its first unknown mark.
    const json = JSON.parse(text) as Json
    if (!isNode(json) || json[mark] !== 'graph') return new Decoder(options, json, [], [])
    return new Decoder(options, json.root ?? null, arrayOf(json.shared), arrayOf(json.bytes))
  }

  private constructor(options: DecodeOptions, root: Json, shared: readonly Json[], bytes: readonly Json[]) {
    this.#options = options
    this.#root = root
    this.#shared = shared
    this.#bytes = new DecodedBytes(bytes)
  }

  decode(): unknown {
    const value = this.#complete(this.#root)
    for (const { value, integrity } of this.#integrity) applyIntegrity(value, integrity)
    return value
  }

  /** The value of a node and all that it refers to, filled. */
  #complete(node: Json): unknown {
    const outer = this.#unfilled
    this.#unfilled = []
    const value = this.read(node)
    for (let fill = this.#unfilled.pop(); fill !== undefined; fill = this.#unfilled.pop()) fill()
    this.#unfilled = outer
    return value
  }

  read(node: Json): unknown {
    if (typeof node !== 'object' || node === null) return node
    if (isNode(node) && typeof node[mark] === 'number') return this.#refer(node[mark])
    const shell = this.#shellOf(node)
    shell.fill?.()
    return shell.value
  }

  #refer(id: number): unknown {
    if (this.#made.has(id)) return this.#made.get(id)
    if (this.#inMaking.has(id)) throw new Error('this text of values has an extension that needs itself to be made')
    this.#inMaking.add(id)
    const shell = this.#shellOf(this.#shared[id] ?? null)
    this.#inMaking.delete(id)
    this.#made.set(id, shell.value)
    if (shell.fill !== undefined) this.#unfilled.push(shell.fill)
    return shell.value
  }

  #shellOf(node: Json): Shell {
    if (typeof node !== 'object' || node === null) return { value: node }
    if (isArray(node)) return this.#arrayShell(node)
    const tag = node[mark]
    if (tag === undefined) return this.#objectShell(node)
    if (tag === 'extension') return this.#extensionShell({ kind: textOf(node.kind), data: node.data ?? null })
    if (tag === 'frozen' || tag === 'sealed' || tag === 'fixed') return this.#heldShell(node.value ?? null, tag)
    return decodeBuiltIn({ read: (inner) => this.read(inner), bytes: this.#bytes }, node)
  }

  /** The parsed array becomes the value itself. */
  #arrayShell(node: readonly Json[]): Shell {
    const value = node as unknown[]
    const fill = (): void => {
      for (const [index, item] of node.entries()) {
        if (typeof item !== 'object' || item === null) continue
        if (isNode(item) && item[mark] === 'hole') delete value[index]
        else value[index] = this.read(item)
      }
    }
    return { value, fill }
  }

  /** The parsed object becomes the value itself: a key that would be dangerous is never written as such. */
  #objectShell(node: Node): Shell {
    const value = node as Record<string, unknown>
    const fill = (): void => {
      for (const key of Object.keys(node)) {
        const item = node[key]
        if (typeof item === 'object' && item !== null) value[key] = this.read(item)
      }
    }
    return { value, fill }
  }

  #extensionShell(extension: Extension): Shell {
    const { extend, fill } = this.#options
    if (extend === undefined)
      throw new Error(`nobody here knows the extension '${extension.kind}' of this text of values`)
    const value = extend(
      extension,
      (data) => this.#complete(data),
      (data) => this.read(data),
    )
    return { value, fill: () => fill?.(extension, value, (data) => this.read(data)) }
  }

  #heldShell(node: Json, integrity: Integrity): Shell {
    const shell = this.#shellOf(node)
    // Only objects are written as held.
    this.#integrity.push({ value: shell.value as object, integrity })
    return shell
  }
}

const isArray = (node: Json): node is readonly Json[] => Array.isArray(node)

const isNode = (node: Json): node is Node => typeof node === 'object' && node !== null && !isArray(node)
