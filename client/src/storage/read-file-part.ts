import { open } from 'node:fs/promises'
import { generationOf } from './file-info.ts'
import { ObjectNotFoundError, type ReadOptions } from './object-store.ts'

/** The bytes from `start` to `end`, less where the file ends before. */
export async function readFilePart(
  path: string,
  uri: string,
  { generation, start = 0, end }: ReadOptions,
): Promise<Uint8Array> {
  await using file = await open(path)
  const stats = await file.stat({ bigint: true })
  if (generation !== undefined && generationOf(stats) !== generation) throw new ObjectNotFoundError(uri)
  const length = Math.max(0, Math.min(end ?? Number.POSITIVE_INFINITY, Number(stats.size)) - start)
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
