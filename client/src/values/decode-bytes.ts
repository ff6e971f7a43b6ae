import type { Json } from './json.ts'
import { type Node, numberOf, textOf } from './node.ts'

type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView

/** The memory behind views, each stretch made once. */
export class DecodedBytes {
  readonly #texts: readonly Json[]
  readonly #buffers = new Map<number, ArrayBuffer>()

  constructor(texts: readonly Json[]) {
    this.#texts = texts
  }

  buffer(id: number): ArrayBuffer {
    const known = this.#buffers.get(id)
    if (known !== undefined) return known
    const bytes = Buffer.from(textOf(this.#texts[id]), 'base64')
    const buffer = new ArrayBuffer(bytes.byteLength)
    new Uint8Array(buffer).set(bytes)
    this.#buffers.set(id, buffer)
    return buffer
  }

  view(kind: string, node: Node): ArrayBufferView {
    const buffer = this.buffer(numberOf(node.bytes))
    const [offset, length] = [numberOf(node.offset), numberOf(node.length)]
    if (kind === 'Buffer') return Buffer.from(buffer, offset, length)
    const viewClass: unknown = Reflect.get(globalThis, kind)
    if (typeof viewClass !== 'function') throw new Error(`this version of Node (${process.version}) has no ${kind}`)
    // The encoding writes such nodes for views alone.
    return new (viewClass as ViewConstructor)(buffer, offset, length)
  }
}
