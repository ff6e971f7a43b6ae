import type { CommandEnd } from './sandbox.ts'

/** An end that the sandbox itself gives commands, because they take more than their job asked for. */
export type OverrunEnd = Extract<CommandEnd, { kind: 'outOfMemory' | 'outOfDisk' | 'exited' }>

/** Begins to watch, and calls `onOver` when the commands take too much. Returns what ends it. */
export type Watch = (onOver: (end: OverrunEnd) => void) => () => void

/** Kills commands that take too much, and knows afterwards that it did. */
export class Overrun {
  readonly #stop: () => void
  #end: OverrunEnd | undefined

  constructor(watch: Watch, kill: () => unknown) {
    this.#stop = watch((end) => {
      this.#end ??= end
      kill()
    })
  }

  /** What the end of the commands was in truth: those that had already succeeded have. */
  explain(end: CommandEnd): CommandEnd {
    const hasSucceeded = end.kind === 'exited' && end.exitCode === 0
    return hasSucceeded || end.kind === 'killed' ? end : (this.#end ?? end)
  }

  stop(): void {
    this.#stop()
  }
}

/** Several watches as one. */
export const watchAll =
  (...watches: readonly Watch[]): Watch =>
  (onOver) => {
    const stops = watches.map((watch) => watch(onOver))
    return () => {
      for (const stop of stops) stop()
    }
  }
