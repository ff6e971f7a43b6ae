import { objectPaths } from '../../model/index.ts'
import { ObjectNotFoundError, type ObjectStore } from '../../storage/object-store.ts'
import { type LogPlace, locatePacked, locatePieces, readRanges } from './locate-log.ts'

export interface FollowOptions {
  readonly objects: ObjectStore
  readonly place: LogPlace
  /** Whether nothing more will be written. Asked before each look, so that what was written last is not missed. */
  readonly hasEnded: () => Promise<boolean>
  readonly now: () => number
  /** Returns when it is time to look again. */
  readonly pause: () => Promise<void>
}

/** So often the worker is told that somebody follows: execution/log/followers.ts. */
const markEveryMs = 20_000

/** The bytes of a log as they come: piece after piece, and what the attempt left when it ended. */
export async function* followLog(options: FollowOptions): AsyncGenerator<Uint8Array> {
  const { objects, place, hasEnded, now, pause } = options
  let markedAt = Number.NEGATIVE_INFINITY
  const before = await locatePieces(objects, place)
  yield* readRanges(objects, before)
  for (let pieces = before.length; ; ) {
    const isLast = await hasEnded()
    let piece = await readPiece(objects, place, pieces)
    while (piece !== undefined) {
      yield piece
      pieces += 1
      piece = await readPiece(objects, place, pieces)
    }
    if (isLast) return yield* readEnd(objects, place, pieces)
    if (now() - markedAt >= markEveryMs) {
      markedAt = now()
      await leaveMark(objects, place)
    }
    await pause()
  }
}

/** Whoever may only read follows too, and waits longer for a line of a job that has printed for long. */
async function leaveMark(objects: ObjectStore, { root, job, attempt }: LogPlace): Promise<void> {
  await objects.write(objectPaths.followed(root, job, attempt), '').catch(() => undefined)
}

async function* readEnd(objects: ObjectStore, place: LogPlace, pieces: number): AsyncGenerator<Uint8Array> {
  const packed = await locatePacked(objects, place)
  const end = packed.get('main') ?? (pieces === 0 ? packed.get('fault') : undefined)
  if (end !== undefined) yield* readRanges(objects, [end])
}

/** `undefined` if it is not written yet. */
async function readPiece(objects: ObjectStore, place: LogPlace, number: number): Promise<Uint8Array | undefined> {
  try {
    return await objects.read(objectPaths.logPiece(place.root, place.job, place.attempt, number))
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return undefined
    throw error
  }
}
