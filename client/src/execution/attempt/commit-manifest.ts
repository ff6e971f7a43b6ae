import { type Manifest, objectPaths } from '../../model/index.ts'
import { PreconditionFailedError } from '../../storage/index.ts'
import type { AttemptContext } from './attempt-context.ts'
import { AttemptFault } from './attempt-fault.ts'
import { readManifest } from './read-manifest.ts'
import { stagingFault } from './retry-transient.ts'

/**
 * Makes this attempt's files the job's, unless another attempt's are already. Returns the manifest that counts: the
 * attempt succeeds either way, and an own write whose answer was lost is found again here.
 */
export async function commitManifest(
  context: AttemptContext,
  left: Pick<Manifest, 'outputs' | 'values'>,
): Promise<Manifest> {
  const { root, job, attempt } = context.assignment
  const uri = objectPaths.manifest(root, job)
  const manifest: Manifest = { job, attempt, ...left }
  const what = `Writing ${uri}`
  try {
    await context.io(what, () => context.objects.write(uri, JSON.stringify(manifest), { ifGeneration: '0' }))
    return manifest
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw stagingFault(what, error)
  }
  const winner = await readManifest(context, job, context.lastIo)
  if (winner === undefined) throw new AttemptFault('infrastructure', `${uri} was there and is gone.`)
  return winner
}
