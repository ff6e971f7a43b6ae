import type { Task, TaskQueue } from 'graupel/engine'
import type { FaultSource } from './faults.ts'
import type { SimProcess } from './sim-process.ts'
import type { World } from './world.ts'

/** A name is refused as long as its task waits, and for this long after it has been done. */
const nameKeptMs = 3_600_000
const deadlineMs = 60_000

/** Named tasks: at least once, not before their time. */
export class SimTasks {
  readonly #world: World
  readonly #faults: FaultSource
  readonly #run: (task: Task) => Promise<void>
  readonly #names = new Map<string, number>()

  constructor(world: World, faults: FaultSource, run: (task: Task) => Promise<void>) {
    this.#world = world
    this.#faults = faults
    this.#run = run
  }

  of(process: SimProcess): TaskQueue {
    return { enqueue: (task) => process.call(() => this.enqueue(task)) }
  }

  async enqueue(task: Task): Promise<'created' | 'exists'> {
    await this.#world.sleep(this.#faults.random.between(1, 10))
    if (this.#faults.strikes('taskFails')) throw new Error('the task queue did not answer')
    if ((this.#names.get(task.name) ?? 0) > this.#world.now()) return 'exists'
    this.#names.set(task.name, Number.POSITIVE_INFINITY)
    const waitMs = Math.max(0, task.at - this.#world.now()) + this.#faults.random.between(5, 50)
    const lateMs = this.#faults.strikes('taskLate') ? this.#faults.random.between(1000, 200_000) : 0
    this.#world.after(waitMs + lateMs, () => void this.#dispatch(structuredClone(task)))
    if (this.#faults.strikes('taskTwice'))
      this.#world.after(waitMs + this.#faults.random.between(0, 3000), () => void this.#dispatch(structuredClone(task)))
    if (this.#faults.strikes('loseReply')) throw new Error('the task queue did not say that it has the task')
    return 'created'
  }

  async #dispatch(task: Task): Promise<void> {
    const answered = new AbortController()
    const outcome = this.#run(task).then(
      () => true,
      () => false,
    )
    const late = this.#world.sleep(deadlineMs, answered.signal).then(() => false)
    const isDone = await Promise.race([outcome, late])
    answered.abort('answered')
    if (isDone) this.#names.set(task.name, this.#world.now() + nameKeptMs)
    else this.#world.after(this.#faults.random.between(1000, 10_000), () => void this.#dispatch(task))
  }
}
