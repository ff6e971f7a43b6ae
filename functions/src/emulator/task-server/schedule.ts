import type { StoredTask } from './stored-task.ts'

/** Waiting tasks, the next one due first; of those due at once, the one that came first. */
export class Schedule {
  readonly #tasks: StoredTask[] = []

  add(task: StoredTask): void {
    let low = 0
    let high = this.#tasks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#tasks[middle]?.dueAt ?? 0) <= task.dueAt) low = middle + 1
      else high = middle
    }
    this.#tasks.splice(low, 0, task)
  }

  remove(task: StoredTask): void {
    const at = this.#tasks.indexOf(task)
    if (at >= 0) this.#tasks.splice(at, 1)
  }

  next(): StoredTask | undefined {
    return this.#tasks[0]
  }
}
