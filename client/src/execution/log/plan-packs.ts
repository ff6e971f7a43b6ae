import { type LogPart, maxPackNameBytes, objectPaths, type PackHeader, packNameOf } from '../../model/index.ts'

/** What one attempt leaves when it ends. */
export interface Leavings {
  readonly root: string
  readonly job: number
  readonly attempt: number
  readonly parts: readonly { readonly part: LogPart; readonly bytes: Uint8Array }[]
}

export interface Pack {
  readonly uri: string
  readonly body: Uint8Array
}

const maxPackBytes = 4 * 2 ** 20

/** Puts what waits into as few objects as can be: one for each folder of packs, unless it becomes large. */
export function planPacks(waiting: readonly Leavings[]): Pack[] {
  const byFolder = Map.groupBy(waiting, ({ root, job }) => objectPaths.packs(root, job))
  return [...byFolder].flatMap(([folder, ofFolder]) =>
    divide(ofFolder).map((attempts) => ({ uri: `${folder}/${packNameOf(attempts)}`, body: bodyOf(attempts) })),
  )
}

function divide(attempts: readonly Leavings[]): Leavings[][] {
  const packs: Leavings[][] = []
  let pack: Leavings[] = []
  let bytes = 0
  for (const attempt of attempts) {
    const more = sizeOf(attempt)
    const isFull = bytes + more > maxPackBytes || packNameOf([...pack, attempt]).length > maxPackNameBytes
    if (pack.length > 0 && isFull) {
      packs.push(pack)
      pack = []
      bytes = 0
    }
    pack.push(attempt)
    bytes += more
  }
  return [...packs, pack]
}

function bodyOf(attempts: readonly Leavings[]): Uint8Array {
  const header: PackHeader = {
    parts: attempts.flatMap(({ job, attempt, parts }) =>
      parts.map(({ part, bytes }) => ({ job, attempt, part, bytes: bytes.byteLength })),
    ),
  }
  const bodies = attempts.flatMap(({ parts }) => parts.map(({ bytes }) => bytes))
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...bodies])
}

const sizeOf = ({ parts }: Leavings): number => parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
