import type { Query } from '../ports.ts'
import type { MemoryCollection, MemoryEntry } from './memory-collection.ts'

type Collections = ReadonlyMap<string, MemoryCollection>

export const collectionOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** The answer to one question, in the order that the Store promises. */
export function matchEntries(
  query: Query,
  collections: Collections,
  readyShards: ReadonlyMap<string, MemoryEntry>,
): MemoryEntry[] {
  switch (query.kind) {
    case 'readyShards':
      return [...readyShards.values()]
        .filter((entry) => isReadyFor(entry, query))
        .sort(byPath)
        .slice(0, query.limit)
    case 'liveBatches':
      return [...entriesOf(collections, 'batches')]
        .filter((entry) => isLiveBatch(entry) && entry.path > (query.after ?? ''))
        .sort(byPath)
        .slice(0, query.limit)
    case 'liveWorkers':
      return [...entriesOf(collections, 'workers')].filter(isLiveWorker).sort(byPath).slice(0, query.limit)
    case 'collection':
      return collections.get(query.path)?.page(query.after, query.limit) ?? []
    case 'newestBatches':
      return [...entriesOf(collections, 'batches')].sort(byNewest).slice(0, query.limit)
    default:
      return query satisfies never
  }
}

const entriesOf = (collections: Collections, name: string): Iterable<MemoryEntry> =>
  collections.get(name)?.values() ?? []

function isReadyFor({ document }: MemoryEntry, query: Extract<Query, { kind: 'readyShards' }>): boolean {
  if (query.lane !== 'any' && document.lane !== query.lane) return false
  if (query.pool === undefined) return true
  return Array.isArray(document.readyPools) && document.readyPools.includes(query.pool)
}

const isLiveBatch = ({ document }: MemoryEntry): boolean =>
  document.state === 'open' || document.state === 'running' || document.isDeleting === true

const isLiveWorker = ({ document }: MemoryEntry): boolean => document.state !== 'gone'

const byPath = (left: MemoryEntry, right: MemoryEntry): number =>
  left.path < right.path ? -1 : left.path > right.path ? 1 : 0

const createdAtOf = ({ document }: MemoryEntry): number =>
  document.createdAt instanceof Date ? document.createdAt.getTime() : 0

const byNewest = (left: MemoryEntry, right: MemoryEntry): number =>
  createdAtOf(right) - createdAtOf(left) || byPath(right, left)
