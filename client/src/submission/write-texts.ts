import pLimit from 'p-limit'
import { objectPaths } from '../model/index.ts'
import { PreconditionFailedError } from '../storage/object-store.ts'
import type { SubmissionServices } from './submission-services.ts'

const uploadsAtOnce = 32

/** Stores what jobs share, each text once: its name tells its content, so one that is there is the same. */
export async function writeTexts(
  { objects }: SubmissionServices,
  root: string,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const limit = pLimit(uploadsAtOnce)
  await limit.map(texts, async ([name, text]) => {
    try {
      await objects.write(objectPaths.text(root, name), text, { ifGeneration: '0' })
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error
    }
  })
}
