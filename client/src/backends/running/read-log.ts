import { ObjectNotFoundError, type ObjectStore } from '../../storage/object-store.ts'

/** The `number`-th piece of a log, or `undefined` if it is not written yet. */
export async function readLogPiece(
  objects: ObjectStore,
  folder: string,
  number: number,
): Promise<Uint8Array | undefined> {
  try {
    return await objects.read(`${folder}/${String(number).padStart(6, '0')}`)
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return undefined
    throw error
  }
}

const maxTailBytes = 64 * 1024

/** The last lines of a log, of its last 64 KiB. */
export async function readLogTail(objects: ObjectStore, folder: string, lines: number): Promise<string> {
  const pieces = await Array.fromAsync(objects.list(`${folder}/`))
  const parts: Uint8Array[] = []
  let missing = maxTailBytes
  for (const { uri, sizeBytes } of pieces.reverse()) {
    if (missing <= 0) break
    parts.unshift(await objects.read(uri, { start: Math.max(0, sizeBytes - missing) }))
    missing -= sizeBytes
  }
  const text = new TextDecoder().decode(Buffer.concat(parts))
  const wanted = text.split('\n').slice(-lines - (text.endsWith('\n') ? 1 : 0))
  return wanted.join('\n')
}
