import { paths } from '../../engine/paths.ts'
import {
  type BatchId,
  isTerminal,
  type JobState,
  type ShardStates,
  shardStatesSchema,
  stateOf,
} from '../../model/index.ts'
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
        for (const { document } of changed)
          for (const end of told.newEndsOf(shardStatesSchema.parse(document))) onEnd(end)
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

  newEndsOf({ shard, firstJob, states }: ShardStates): JobEnd[] {
    if (this.#ended.has(shard)) return []
    const before = this.#states.get(shard) ?? ''
    const ends: JobEnd[] = []
    let isOver = true
    for (let index = 0; index < states.length; index++) {
      const state = endStateOf(states[index] ?? '')
      if (state === undefined) isOver = false
      else if (before[index] !== states[index]) ends.push({ job: firstJob + index, state })
    }
    this.#remember(shard, states, isOver)
    return ends
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
