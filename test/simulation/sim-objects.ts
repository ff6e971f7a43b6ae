import type { ObjectInfo, ObjectStore } from 'graupel/storage'
import type { FaultSource } from './faults.ts'
import type { SimProcess } from './sim-process.ts'
import type { World } from './world.ts'

/** The object store as one process sees it: slow, and now and then without an answer. */
export function objectsOf(
  process: SimProcess,
  { world, faults, objects }: { world: World; faults: FaultSource; objects: ObjectStore },
  isCutOff: () => boolean,
  dieNow: () => void,
): ObjectStore {
  const through = <T>(operation: () => Promise<T>): Promise<T> =>
    process.call(async () => {
      await world.sleep(faults.random.between(2, 30))
      if (isCutOff() || faults.strikes('objectFails')) throw new Error('the object store cannot be reached')
      const result = await operation()
      await world.sleep(faults.random.between(2, 30))
      if (isCutOff() || faults.strikes('objectFails')) throw new Error('the object store did not answer')
      return result
    })
  return {
    stat: (uri) => through(() => objects.stat(uri)),
    read: (uri, options) => through(() => objects.read(uri, options)),
    write: (uri, body, options) =>
      through(async () => {
        const info = await objects.write(uri, body, options)
        if (uri.includes('/manifests/') && faults.strikes('diesAfterManifest')) dieNow()
        return info
      }),
    upload: (path, uri, options) => through(() => objects.upload(path, uri, options)),
    download: (uri, path, options) => through(() => objects.download(uri, path, options)),
    copy: (from, to, options) => through(() => objects.copy(from, to, options)),
    async *list(prefix): AsyncIterable<ObjectInfo> {
      yield* await through(() => Array.fromAsync(objects.list(prefix)))
    },
    delete: (uri) => through(() => objects.delete(uri)),
  }
}
