import type { Json } from './json.ts'

/** One stretch of memory that is encoded: all of an ArrayBuffer, or what is used of Node's pool for small Buffers. */
interface Stretch {
  readonly id: number
  start: number
  end: number
}

interface View {
  readonly node: { [key: string]: Json }
  readonly start: number
  readonly length: number
  readonly bytesPerElement: number
}

interface Memory {
  readonly views: View[]
  /** Its node where the buffer itself is part of the graph, which then shows all of its bytes. */
  whole: { [key: string]: Json } | undefined
}

const pooled = (buffer: ArrayBuffer): boolean => buffer.byteLength === Buffer.poolSize

/**
 * The bytes behind views. A buffer is written once, so that views which share it still do; of Node's pool, which many
 * unrelated Buffers share, only the bytes that are really meant.
 */
export class EncodedBytes {
  readonly #memories = new Map<ArrayBuffer, Memory>()

  addBuffer(buffer: ArrayBuffer): Json {
    const memory = this.#memoryOf(buffer)
    memory.whole ??= { $: 'ArrayBuffer' }
    return memory.whole
  }

  addView(kind: string, view: ArrayBufferView, buffer: ArrayBuffer): Json {
    const node: { [key: string]: Json } = { $: kind }
    const bytesPerElement = 'BYTES_PER_ELEMENT' in view ? Number(view.BYTES_PER_ELEMENT) : 1
    const memory = this.#memoryOf(buffer)
    memory.views.push({ node, start: view.byteOffset, length: view.byteLength, bytesPerElement })
    if (kind !== 'Buffer' || !pooled(buffer)) memory.whole ??= { $: 'ArrayBuffer' }
    return node
  }

  /** Fills in all nodes; the texts of the stretches, to which the nodes point by number. */
  finish(): string[] {
    const texts: string[] = []
    for (const [buffer, memory] of this.#memories) {
      const stretches = memory.whole === undefined ? stretchesOf(memory.views) : [{ start: 0, end: buffer.byteLength }]
      const placed = stretches.map((stretch): Stretch => {
        const bytes = Buffer.from(buffer, stretch.start, stretch.end - stretch.start)
        return { ...stretch, id: texts.push(bytes.toString('base64')) - 1 }
      })
      if (memory.whole !== undefined) memory.whole.bytes = placed[0]?.id ?? 0
      for (const view of memory.views) pointTo(view, placed)
    }
    return texts
  }

  #memoryOf(buffer: ArrayBuffer): Memory {
    const memory = this.#memories.get(buffer) ?? { views: [], whole: undefined }
    this.#memories.set(buffer, memory)
    return memory
  }
}

function pointTo(view: View, stretches: readonly Stretch[]): void {
  const stretch = stretches.find(({ start, end }) => start <= view.start && view.start + view.length <= end)
  view.node.bytes = stretch?.id ?? 0
  view.node.offset = view.start - (stretch?.start ?? 0)
  view.node.length = view.length / view.bytesPerElement
}

/** Views that overlap share memory and stay together; the others have nothing to do with each other. */
function stretchesOf(views: readonly View[]): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = []
  for (const { start, length } of [...views].sort((left, right) => left.start - right.start)) {
    const last = stretches.at(-1)
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, start + length)
    else stretches.push({ start, end: start + length })
  }
  return stretches
}
