import { type Manifest, manifestSchema, objectPaths } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import type { AttemptContext } from './attempt-context.ts'

export const parseManifest = (bytes: Uint8Array): Manifest =>
  manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))

/** The manifest of a job of this batch, or `undefined` while no attempt has committed its files. */
export async function readManifest(
  context: AttemptContext,
  job: number = context.assignment.job,
  io: AttemptContext['io'] = context.io,
): Promise<Manifest | undefined> {
  const uri = objectPaths.manifest(context.assignment.root, job)
  try {
    return parseManifest(await io(`Reading ${uri}`, () => context.objects.read(uri)))
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return undefined
    throw error
  }
}
