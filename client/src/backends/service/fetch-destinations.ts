import pLimit from 'p-limit'
import { readJob } from '../../engine/job-statuses.ts'
import { type BatchRecord, type Manifest, manifestSchema, objectPaths } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import type { Home } from '../home.ts'
import { fetchOutput } from './fetch-output.ts'
import type { LocalDestination } from './local-destinations.ts'

const jobsAtOnce = 8
const copiesAtOnce = 16

/** A local destination of a job that has its number. */
export type NumberedDestination = LocalDestination & { readonly job: number }

/** Writes the outputs of jobs that succeeded to this machine, from wherever their manifests say that they are. */
export async function fetchDestinations(
  home: Home,
  record: BatchRecord,
  destinations: readonly NumberedDestination[],
): Promise<void> {
  const manifests = pLimit(jobsAtOnce)
  const copies = pLimit(copiesAtOnce)
  await manifests.map(destinations, async (destination) => {
    const manifest = await findManifest(home, record, destination)
    const output = manifest?.outputs[destination.path]
    if (output !== undefined) await fetchOutput(home.objects, output, destination.destination, copies)
  })
}

/** What a success committed; else, where it is wanted, what the last attempt left. */
async function findManifest(
  home: Home,
  { id, root }: BatchRecord,
  { job, alwaysCopyOutput }: NumberedDestination,
): Promise<Manifest | undefined> {
  const status = await readJob(home.store, id, job, home.clock.now())
  if (status?.state === 'Success') return readManifest(home, objectPaths.manifest(root, job))
  if (!alwaysCopyOutput || status === undefined || status.attempt === 0) return undefined
  return readManifest(home, objectPaths.partial(root, job, status.attempt))
}

async function readManifest({ objects }: Home, uri: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(await objects.read(uri)).toString()))
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return undefined
    throw error
  }
}
