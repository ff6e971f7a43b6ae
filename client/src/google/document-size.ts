import type { Write } from '../engine/ports.ts'

/** Firestore takes 10 MiB per request; the rest is for names and framing. */
export const maxCommitBytes = 9 * 2 ** 20

/**
 * Refuses a commit that Firestore would refuse later and less clearly.
 * @throws RangeError naming the largest document
 */
export function checkCommitSize(writes: readonly Write[]): void {
  const sizes = writes.map((write) => (write.kind === 'set' ? sizeOf(write.document) : 0) + write.path.length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= maxCommitBytes) return
  const largest = sizes.indexOf(Math.max(...sizes))
  throw new RangeError(
    `a commit of ${writes.length} documents has ${total} bytes, more than ${maxCommitBytes}: split it ` +
      `(the largest document is ${writes[largest]?.path} with ${sizes[largest]} bytes)`,
  )
}

/** About as Firestore counts: exact for text, generous for the rest. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1
  if (typeof value !== 'object' || value === null || value instanceof Date) return 8
  let size = 16
  for (const [field, item] of Object.entries(value)) size += field.length + 1 + sizeOf(item)
  return size
}
