import { FieldPath, Filter, type Firestore, type Query as FirestoreQuery } from '@google-cloud/firestore'
import type { Query } from '../engine/ports.ts'

/**
 * The engine's questions as Firestore queries, and the index that each needs beside the automatic ones. The fields of
 * `shards` are exempt from automatic indexes, so all of theirs are declared:
 * - ready shards of a lane for a pool: `shards`, collection group: `lane` ascending, `readyPools` contains
 * - ready shards of a lane for any pool: `shards`, collection group: `lane` ascending, `readyPools` ascending
 * - ready shards of all lanes: `shards.readyPools`, single field in collection group scope: contains, ascending
 * - live batches: `batches.state`, `batches.isDeleting`; newest batches: `batches.createdAt` descending;
 *   live workers: `workers.state`: single fields in collection scope, automatic where not exempted
 */
export function toFirestoreQuery(firestore: Firestore, query: Query): FirestoreQuery {
  switch (query.kind) {
    case 'readyShards':
      return readyShards(firestore, query).limit(query.limit)
    case 'liveBatches':
      return page(firestore, firestore.collection('batches').where(liveBatch), query)
    case 'liveWorkers':
      return firestore.collection('workers').where('state', 'in', ['active', 'leaving', 'lost']).limit(query.limit)
    case 'collection':
      return page(firestore, firestore.collection(query.path), query)
    case 'newestBatches':
      return firestore.collection('batches').orderBy('createdAt', 'desc').limit(query.limit)
    default:
      return query satisfies never
  }
}

function readyShards(firestore: Firestore, query: Extract<Query, { kind: 'readyShards' }>): FirestoreQuery {
  const shards = firestore.collectionGroup('shards')
  const ofLane = query.lane === 'any' ? shards : shards.where('lane', '==', query.lane)
  if (query.pool !== undefined) return ofLane.where('readyPools', 'array-contains', query.pool)
  return ofLane.where('readyPools', '>', [])
}

const liveBatch = Filter.or(Filter.where('state', 'in', ['open', 'running']), Filter.where('isDeleting', '==', true))

function page(
  firestore: Firestore,
  documents: FirestoreQuery,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): FirestoreQuery {
  const ordered = documents.orderBy(FieldPath.documentId()).limit(limit)
  return after === undefined ? ordered : ordered.startAfter(firestore.doc(after).id)
}
