import type { ObjectStore } from '../../storage/object-store.ts'
import { type LogPlace, type LogRange, locateLog, readRanges, sizeOfRanges } from './locate-log.ts'

/** What was staged before the commands, what they printed, what was staged after them. */
export type LogStep = 'input' | 'main' | 'output'

export interface FoundLog {
  readonly sizeBytes: number
  /** The bytes as they were printed, in chunks of at most 8 MiB. */
  chunks(): AsyncIterable<Uint8Array>
}

/**
 * The log of an attempt so far. Without a step it is what the commands printed; if they printed nothing because staging
 * failed, it is what was wrong with it. Empty if there is nothing.
 */
export async function findLog(objects: ObjectStore, place: LogPlace, step?: LogStep): Promise<FoundLog> {
  const ranges = await locateShown(objects, place, step)
  return { sizeBytes: sizeOfRanges(ranges), chunks: () => readRanges(objects, ranges) }
}

const maxTailBytes = 64 * 1024

/** The last lines of a log, of its last 64 KiB. */
export async function readLogTail(objects: ObjectStore, place: LogPlace, lines: number): Promise<string> {
  const ranges = lastOf(await locateShown(objects, place, undefined), maxTailBytes)
  const text = new TextDecoder().decode(Buffer.concat(await Array.fromAsync(readRanges(objects, ranges))))
  const wanted = text.split('\n').slice(-lines - (text.endsWith('\n') ? 1 : 0))
  return wanted.join('\n')
}

async function locateShown(objects: ObjectStore, place: LogPlace, step: LogStep | undefined): Promise<LogRange[]> {
  const ranges = await locateLog(objects, place, step ?? 'main')
  return ranges.length > 0 || step !== undefined ? ranges : locateLog(objects, place, 'fault')
}

function lastOf(ranges: readonly LogRange[], bytes: number): LogRange[] {
  const last: LogRange[] = []
  let missing = bytes
  for (const { uri, start, end } of ranges.toReversed()) {
    if (missing <= 0) break
    last.unshift({ uri, start: Math.max(start, end - missing), end })
    missing -= end - start
  }
  return last
}
