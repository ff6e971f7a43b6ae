import { paths } from '../../engine/paths.ts'
import { decodeShard } from '../../engine/records.ts'
import { type BatchId, isTerminal, type JobState, type ShardRecord, stateOf } from '../../model/index.ts'
import type { JobEnd } from '../batch-control.ts'
import type { Home, Unsubscribe } from '../home.ts'

/** Tells of each job once that has ended, until unsubscribed. */
export function watchEnds(
  home: Pick<Home, 'changes'>,
  batch: BatchId,
  onEnd: (end: JobEnd) => void,
  onError: (error: Error) => void,
): Unsubscribe {
  const told = new ToldEnds()
  return home.changes.ofCollection(
    paths.shardsOf(batch),
    (changed) => {
      try {
        for (const { document } of changed) for (const end of told.newEndsOf(decodeShard(document))) onEnd(end)
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)))
      }
    },
    onError,
  )
}

/** Which ends have been told. A shard that has ended as a whole is remembered by its number alone. */
class ToldEnds {
  readonly #states = new Map<number, string>()
  readonly #ended = new Set<number>()

  newEndsOf({ shard, firstJob, states }: ShardRecord): JobEnd[] {
    if (this.#ended.has(shard)) return []
    const before = this.#states.get(shard) ?? ''
    const ends = [...states].map(endStateOf)
    this.#remember(
      shard,
      states,
      ends.every((state) => state !== undefined),
    )
    return ends.flatMap((state, index) =>
      state === undefined || before[index] === states[index] ? [] : [{ job: firstJob + index, state }],
    )
  }

  #remember(shard: number, letters: string, isOver: boolean): void {
    if (!isOver) {
      this.#states.set(shard, letters)
      return
    }
    this.#states.delete(shard)
    this.#ended.add(shard)
  }
}

/** `undefined` while the job has not ended. */
function endStateOf(letter: string): JobEnd['state'] | undefined {
  const state = stateOf(letter)
  return isEnd(state) ? state : undefined
}

const isEnd = (state: JobState): state is JobEnd['state'] => isTerminal(state)
