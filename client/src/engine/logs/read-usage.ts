import { objectPaths, type StoredUsage, storedUsageSchema, type UsageSample } from '../../model/index.ts'
import { ObjectNotFoundError, type ObjectStore } from '../../storage/object-store.ts'
import { type LogPlace, locatePacked } from './locate-log.ts'

/** What an attempt has used so far, as far as it is stored: nothing of one that was short. */
export async function readUsage(objects: ObjectStore, place: LogPlace): Promise<readonly UsageSample[]> {
  const packed = (await locatePacked(objects, place)).get('usage')
  if (packed !== undefined) return parse(await objects.read(packed.uri, packed)).samples
  try {
    return parse(await objects.read(objectPaths.usage(place.root, place.job, place.attempt))).samples
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return []
    throw error
  }
}

const parse = (bytes: Uint8Array): StoredUsage => storedUsageSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
