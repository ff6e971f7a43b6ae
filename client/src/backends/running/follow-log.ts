import type { ObjectStore } from '../../storage/object-store.ts'
import { readLogPiece } from './read-log.ts'

export interface FollowOptions {
  readonly objects: ObjectStore
  readonly folder: string
  /** Whether nothing more will be written. Asked before each look, so that what was written last is not missed. */
  readonly hasEnded: () => Promise<boolean>
  /** Returns when it is time to look again. */
  readonly pause: () => Promise<void>
}

/** The lines of a log as they come, without their line ends; the last one need not have one. */
export async function* followLog(options: FollowOptions): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of followPieces(options)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

async function* followPieces({ objects, folder, hasEnded, pause }: FollowOptions): AsyncGenerator<Uint8Array> {
  for (let number = 0; ; ) {
    const isLast = await hasEnded()
    let piece = await readLogPiece(objects, folder, number)
    while (piece !== undefined) {
      yield piece
      number += 1
      piece = await readLogPiece(objects, folder, number)
    }
    if (isLast) return
    await pause()
  }
}
