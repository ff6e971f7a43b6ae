import { FieldPath, type Firestore, type Timestamp, type WriteBatch } from '@google-cloud/firestore'
import { ConflictError, type Document, type Projection } from '../engine/ports.ts'
import {
  coalesceProjections,
  type EncodedProjection,
  encodeProjection,
  isMap,
  isOutdated,
} from '../engine/projection.ts'
import { asConflict } from './firestore-errors.ts'

const maxWrites = 500
/** How often one job's document is tried while others write it. */
const maxTries = 5

/** Merges job documents: one read and one write request per 500 of them, where nobody else writes the same ones. */
export async function projectJobs(firestore: Firestore, projections: readonly Projection[]): Promise<void> {
  const left = coalesceProjections(projections.map(encodeProjection))
  while (left.length > 0) await projectSome(firestore, left.splice(0, maxWrites), 1)
}

/** After a conflict the half without it goes through, and the other is read again. */
async function projectSome(
  firestore: Firestore,
  projections: readonly EncodedProjection[],
  tries: number,
): Promise<void> {
  try {
    await projectOnce(firestore, projections)
  } catch (error) {
    if (!(error instanceof ConflictError) || tries >= maxTries) throw error
    const middle = Math.ceil(projections.length / 2)
    if (middle === projections.length) return projectSome(firestore, projections, tries + 1)
    await projectSome(firestore, projections.slice(0, middle), 1)
    await projectSome(firestore, projections.slice(middle), 1)
  }
}

interface StoredVersion {
  readonly document: Document
  readonly updateTime: Timestamp
}

async function projectOnce(firestore: Firestore, projections: readonly EncodedProjection[]): Promise<void> {
  const stored = await readVersions(firestore, projections)
  const due = projections.filter((projection) => !isOutdated(projection, stored.get(projection.path)?.document))
  const [first] = due
  if (first === undefined) return
  const batch = firestore.batch()
  for (const projection of due) addProjection(firestore, batch, projection, stored.get(projection.path))
  await asConflict(batch.commit(), first.path)
}

/** Final states are written whatever is there, so only the others are looked up. */
async function readVersions(
  firestore: Firestore,
  projections: readonly EncodedProjection[],
): Promise<ReadonlyMap<string, StoredVersion>> {
  const references = projections.filter(({ isFinal }) => !isFinal).map(({ path }) => firestore.doc(path))
  const versions = new Map<string, StoredVersion>()
  if (references.length === 0) return versions
  for (const snapshot of await firestore.getAll(...references, { fieldMask: ['version'] })) {
    const document = snapshot.data()
    if (document !== undefined && snapshot.updateTime !== undefined)
      versions.set(snapshot.ref.path, { document, updateTime: snapshot.updateTime })
  }
  return versions
}

function addProjection(
  firestore: Firestore,
  batch: WriteBatch,
  projection: EncodedProjection,
  stored: StoredVersion | undefined,
): void {
  const reference = firestore.doc(projection.path)
  const { fields } = projection
  if (projection.isFinal) return void batch.set(reference, fields, { merge: true })
  if (stored === undefined) return void batch.create(reference, fields)
  const [[path, value] = [new FieldPath('version'), projection.version], ...others] = [...leavesOf(fields, [])]
  batch.update(reference, path, value, ...others.flat(), { lastUpdateTime: stored.updateTime })
}

/** Every value with its path, so that an update merges maps as a merging `set` does. */
function* leavesOf(map: Document, path: readonly string[]): Generator<[FieldPath, unknown]> {
  for (const [field, value] of Object.entries(map)) {
    if (isMap(value)) yield* leavesOf(value, [...path, field])
    else yield [new FieldPath(...path, field), value]
  }
}
