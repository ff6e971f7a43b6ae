import { type LogPart, objectPaths, type PackHeader, packHasJob, packHeaderSchema } from '../../model/index.ts'
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.ts'

/** Which attempt's log. */
export interface LogPlace {
  /** The folder of the batch in the object store. */
  readonly root: string
  readonly job: number
  readonly attempt: number
}

/** A stretch of an object, from byte `start` to before byte `end`. */
export interface LogRange {
  readonly uri: string
  readonly start: number
  readonly end: number
}

/** Where a part of a log lies, in order: the pieces of what was printed, if it is that, and then what is in the packs. */
export async function locateLog(objects: ObjectStore, place: LogPlace, part: LogPart): Promise<LogRange[]> {
  const [pieces, packed] = await Promise.all([
    part === 'main' ? locatePieces(objects, place) : [],
    locatePacked(objects, place),
  ])
  const end = packed.get(part)
  return end === undefined ? pieces : [...pieces, end]
}

/** Empty if it has none yet. A job that prints for two weeks has more of them than six digits can put into order. */
export async function locatePieces(objects: ObjectStore, { root, job, attempt }: LogPlace): Promise<LogRange[]> {
  const pieces = await Array.fromAsync(objects.list(`${objectPaths.log(root, job, attempt)}/`))
  return pieces
    .sort((left, right) => left.uri.length - right.uri.length)
    .map(({ uri, sizeBytes }) => ({ uri, start: 0, end: sizeBytes }))
}

/** What the attempt left when it ended, by part; empty before that. */
export async function locatePacked(objects: ObjectStore, place: LogPlace): Promise<ReadonlyMap<LogPart, LogRange>> {
  const folder = `${objectPaths.packs(place.root, place.job)}/`
  for await (const pack of objects.list(folder)) {
    if (!packHasJob(pack.uri.slice(folder.length), place.job)) continue
    const found = await locateInPack(objects, pack, place)
    if (found.size > 0) return found
  }
  return new Map()
}

async function locateInPack(objects: ObjectStore, { uri }: ObjectInfo, { job, attempt }: LogPlace) {
  const { header, headerBytes } = await readHeader(objects, uri)
  const found = new Map<LogPart, LogRange>()
  let start = headerBytes
  for (const entry of header.parts) {
    const end = start + entry.bytes
    if (entry.job === job && entry.attempt === attempt) found.set(entry.part, { uri, start, end })
    start = end
  }
  return found
}

/** Few headers are longer. */
const usualHeaderBytes = 16 * 1024

const lineFeed = 10

async function readHeader(
  objects: ObjectStore,
  uri: string,
  limit = usualHeaderBytes,
): Promise<{ header: PackHeader; headerBytes: number }> {
  const bytes = await objects.read(uri, { end: limit })
  const length = bytes.indexOf(lineFeed)
  if (length < 0 && bytes.byteLength === limit) return readHeader(objects, uri, 8 * limit)
  const header = packHeaderSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))))
  return { header, headerBytes: length + 1 }
}

/** A job that prints all day leaves 72,000 small pieces: one after the other they would take an hour to read. */
const mostAtOnce = 64
const mostBytesAtOnce = 8 * 2 ** 20

/** The bytes of the ranges one after the other, never much at a time. */
export async function* readRanges(objects: ObjectStore, ranges: readonly LogRange[]): AsyncGenerator<Uint8Array> {
  for (const group of divide(ranges))
    yield* await Promise.all(group.map(({ uri, start, end }) => objects.read(uri, { start, end })))
}

/** Ranges that are read together. */
function divide(ranges: readonly LogRange[]): LogRange[][] {
  const groups: LogRange[][] = []
  let group: LogRange[] = []
  for (const range of ranges) {
    const isFull = group.length === mostAtOnce || sizeOfRanges([...group, range]) > mostBytesAtOnce
    if (group.length > 0 && isFull) {
      groups.push(group)
      group = []
    }
    group.push(range)
  }
  return group.length === 0 ? groups : [...groups, group]
}

export const sizeOfRanges = (ranges: readonly LogRange[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0)
