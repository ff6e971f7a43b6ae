import type { Task, TaskQueue } from 'graupel/engine'
import type { VirtualDay } from './virtual-day.ts'

const retryMs = 5000

/** Named tasks, each once; a failed one comes again. */
export class DayTasks implements TaskQueue {
  readonly #day: VirtualDay
  readonly #run: (task: Task) => Promise<void>
  readonly #names = new Set<string>()
  readonly failures: string[] = []
  done = 0

  constructor(day: VirtualDay, run: (task: Task) => Promise<void>) {
    this.#day = day
    this.#run = run
  }

  async enqueue(task: Task): Promise<'created' | 'exists'> {
    if (this.#names.has(task.name)) return 'exists'
    this.#names.add(task.name)
    this.#dispatchAfter(task.at - this.#day.now() + 20, task)
    return 'created'
  }

  #dispatchAfter(ms: number, task: Task): void {
    this.#day.after(ms, async () => {
      try {
        await this.#run(task)
        this.done += 1
      } catch (error) {
        this.failures.push(`${task.name}: ${error instanceof Error ? error.message : String(error)}`)
        this.#dispatchAfter(retryMs, task)
      }
    })
  }
}
