/** Jobs that wait for each other: `cycle[0]` depends on `cycle[1]`, …, and the last one on `cycle[0]` again. */
export class CycleFound extends Error {
  override readonly name = 'CycleFound'
  /** Indexes into the spec's jobs; a single one depends on itself. */
  readonly cycle: readonly number[]

  constructor(cycle: readonly number[]) {
    super(`jobs depend on each other in a circle: ${cycle.join(' → ')} → ${cycle[0]}`)
    this.cycle = cycle
  }
}
