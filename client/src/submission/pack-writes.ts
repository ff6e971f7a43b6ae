import type { Document, Write } from '../engine/ports.ts'

const maxWrites = 100
/** A request of more than 4 MiB gets no answer from the Firestore emulator. */
const maxBytes = 3 * 2 ** 20

/** Cuts writes into commits of at most 100 documents and 3 MiB, in their order; a larger document goes alone. */
export function* packWrites(writes: Iterable<Write>): Generator<Write[]> {
  let pack: Write[] = []
  let bytes = 0
  for (const write of writes) {
    const size = write.kind === 'set' ? sizeOf(write.document) : 0
    if (pack.length > 0 && (pack.length === maxWrites || bytes + size > maxBytes)) {
      yield pack
      pack = []
      bytes = 0
    }
    pack.push(write)
    bytes += size
  }
  if (pack.length > 0) yield pack
}

/** Near enough for records and chunks, which are text for the most part. */
function sizeOf(document: Document): number {
  let size = 0
  for (const value of Object.values(document))
    size += typeof value === 'string' ? Buffer.byteLength(value) : JSON.stringify(value).length
  return size
}
