import type { ObjectStore } from '../storage/object-store.ts'

/**
 * The log of an attempt so far, whole: its pieces one after the other. Empty if it has printed nothing.
 * @param folder where the log lies: `objectPaths.log(root, job, attempt)`
 */
export async function readLog(objects: ObjectStore, folder: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of objects.list(`${folder}/`)) pieces.push(await objects.read(piece.uri))
  return Buffer.concat(pieces)
}
