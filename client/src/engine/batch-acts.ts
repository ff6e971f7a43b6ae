import pLimit from 'p-limit'
import { type BatchRecord, objectPaths } from '../model/index.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { readBatch } from './records.ts'

const deletionsAtOnce = 32
const documentsPerCommit = 100

/** Deletes everything below a prefix of the object store. Repeating it is harmless. */
export async function deleteObjects(objects: ObjectStore, prefix: string): Promise<void> {
  const limit = pLimit(deletionsAtOnce)
  const deletions: Promise<void>[] = []
  for await (const { uri } of objects.list(prefix)) deletions.push(limit(() => objects.delete(uri)))
  await Promise.all(deletions)
}

/** Deletes a batch's documents and objects, and leaves its record as a tombstone: what comes late finds it deleted. */
export async function deleteBatch(
  services: { readonly store: Store; readonly objects: ObjectStore },
  record: BatchRecord,
): Promise<void> {
  await deleteObjects(services.objects, `${record.root}/`)
  const { id } = record
  for (const path of [
    paths.jobsOf(id),
    paths.plansOf(id),
    paths.attachedOf(id),
    paths.shardsOf(id),
    paths.tokensOf(id),
  ])
    await deleteDocuments(services.store, path)
}

async function deleteDocuments(store: Store, path: string): Promise<void> {
  for (;;) {
    const found = await store.query({ kind: 'collection', path, limit: documentsPerCommit })
    if (found.length === 0) return
    await store.commit(found.map((document) => ({ kind: 'delete', path: document.path })))
  }
}

/** What a callback tells: the batch as it ended. */
export const callbackBody = (record: BatchRecord) => ({
  id: record.id,
  name: record.name ?? null,
  state: record.state,
  complete: true,
  attributes: record.attributes,
  counts: record.counts,
  jobs: record.jobs,
})

/**
 * Deletes what a completed batch leaves behind. What an update has uploaded since is not touched: it reserves its place
 * in the record before it uploads anything, so if the record shows no new update, nothing listed before is of one.
 */
export async function deleteScratch(
  services: { readonly store: Store; readonly objects: ObjectStore },
  record: BatchRecord,
): Promise<void> {
  const uris: string[] = []
  for await (const { uri } of services.objects.list(objectPaths.scratch(record.root))) uris.push(uri)
  const current = (await readBatch(services.store, record.id))?.record
  if (current !== undefined && newestUpdate(current) > newestUpdate(record)) return
  await deleteAll(services.objects, uris)
}

const newestUpdate = ({ updates }: BatchRecord): number => updates.at(-1)?.number ?? 0

async function deleteAll(objects: ObjectStore, uris: readonly string[]): Promise<void> {
  const limit = pLimit(deletionsAtOnce)
  await Promise.all(uris.map((uri) => limit(() => objects.delete(uri))))
}
