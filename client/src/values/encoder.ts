import { types } from 'node:util'
import { EncodedBytes } from './encode-bytes.ts'
import { encodeObject } from './encode-object.ts'
import { encodePrimitive } from './encode-primitive.ts'
import type { Draft, Extension, Json } from './json.ts'
import { mark } from './json.ts'
import type { Place } from './place.ts'
import { UnencodableError } from './unencodable-error.ts'
import type { Target, Writer } from './writer.ts'

export type Extend = (
  value: object,
  place: Place,
  encode: (value: unknown, place: Place) => Json,
) => Extension | undefined

/** Where the node of an object is written, so that it can be moved when the object is met again. */
interface Slot {
  readonly draft: Draft | undefined
  readonly key: string | number
  node: Json | undefined
  id: number | undefined
}

/** Deeper objects go to the table of shared ones, so that neither side needs a deep stack. */
const maxDepth = 100

/** Walks a graph once. An object is written where it is first met, and moves to a table when it is met again. */
export class Encoder implements Writer {
  readonly bytes = new EncodedBytes()
  readonly #extend: Extend | undefined
  readonly #slots = new Map<object, Slot>()
  readonly #shared: Json[] = []
  readonly #waiting: { readonly value: object; readonly place: Place; readonly slot: Slot }[] = []

  constructor(extend: Extend | undefined) {
    this.#extend = extend
  }

  encode(value: unknown, place: Place): string {
    const root: { [key: string]: Json } = { root: null }
    root.root = this.write(value, { draft: root, key: 'root', depth: 0, place })
    // Grows while it is walked.
    for (const { value, place, slot } of this.#waiting) {
      this.#shared[slot.id ?? 0] = this.#body(value, 0, place)
    }
    const bytes = this.bytes.finish()
    if (this.#shared.length === 0 && bytes.length === 0) return JSON.stringify(root.root)
    return JSON.stringify({ [mark]: 'graph', root: root.root, shared: this.#shared, bytes })
  }

  write(value: unknown, at: Target): Json {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') {
      return encodePrimitive(value, at.place)
    }
    const known = this.#slots.get(value)
    if (known !== undefined) return this.#refer(known)
    if (at.depth > maxDepth) return this.#defer(value, at.place)
    const slot: Slot = { draft: at.draft, key: at.key, node: undefined, id: undefined }
    this.#slots.set(value, slot)
    const node = this.#body(value, at.depth, at.place)
    if (slot.id === undefined) {
      slot.node = node
      return node
    }
    this.#shared[slot.id] = node
    return { [mark]: slot.id }
  }

  #body(value: object, depth: number, place: Place): Json {
    const extension = this.#extend?.(value, place, (inner, innerPlace) => this.#inExtension(inner, innerPlace))
    if (extension !== undefined) return { [mark]: 'extension', kind: extension.kind, data: extension.data }
    if (types.isProxy(value)) throw new UnencodableError(place, 'is a Proxy')
    return encodeObject(this, value, depth, place)
  }

  /** An extension writes its node itself, so what lies in it could not be moved later: it goes to the table at once. */
  #inExtension(value: unknown, place: Place): Json {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') {
      return encodePrimitive(value, place)
    }
    const known = this.#slots.get(value)
    return known === undefined ? this.#defer(value, place) : this.#refer(known)
  }

  #defer(value: object, place: Place): Json {
    const slot: Slot = { draft: undefined, key: '', node: undefined, id: this.#shared.push(null) - 1 }
    this.#slots.set(value, slot)
    this.#waiting.push({ value, place, slot })
    return { [mark]: slot.id ?? 0 }
  }

  #refer(slot: Slot): Json {
    if (slot.id === undefined) {
      slot.id = this.#shared.push(slot.node ?? null) - 1
      if (slot.node !== undefined && slot.draft !== undefined) put(slot.draft, slot.key, { [mark]: slot.id })
    }
    return { [mark]: slot.id }
  }
}

function put(draft: Draft, key: string | number, node: Json): void {
  if (Array.isArray(draft)) draft[Number(key)] = node
  else draft[key] = node
}
