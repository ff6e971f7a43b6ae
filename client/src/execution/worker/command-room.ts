import type { Assignment, Resources } from '../../model/index.ts'
import { fits, minus, needOf, nothing, plus } from './room.ts'

interface Waiting {
  readonly need: Resources
  readonly admit: () => void
}

/**
 * Lets commands run as far as a machine has room, in the order in which they come. A worker that holds more jobs than
 * that has the files of one in place, or puts them away, while the commands of another run.
 */
export class CommandRoom {
  readonly #total: Resources
  #taken = nothing
  readonly #waiting = new Set<Waiting>()

  constructor(total: Resources) {
    this.#total = total
  }

  /** Resolves when there is room, with what gives it back; or, with nothing taken, when `signal` is aborted. */
  async enter(assignment: Assignment, signal: AbortSignal): Promise<() => void> {
    const need = needOf(assignment, this.#total)
    const isFree = this.#waiting.size === 0 && this.#hasRoom(need)
    if (isFree) this.#taken = plus(this.#taken, need)
    const isAdmitted = isFree || (await this.#wait(need, signal))
    return isAdmitted ? () => this.#leave(need) : () => undefined
  }

  #hasRoom(need: Resources): boolean {
    return fits(need, minus(this.#total, this.#taken))
  }

  #wait(need: Resources, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isAdmitted: boolean) => {
        this.#waiting.delete(waiting)
        signal.removeEventListener('abort', giveUp)
        resolve(isAdmitted)
      }
      const giveUp = () => {
        end(false)
        this.#admitWaiting()
      }
      const waiting: Waiting = {
        need,
        admit: () => {
          this.#taken = plus(this.#taken, need)
          end(true)
        },
      }
      this.#waiting.add(waiting)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
    })
  }

  #leave(need: Resources): void {
    this.#taken = minus(this.#taken, need)
    this.#admitWaiting()
  }

  #admitWaiting(): void {
    for (const next of [...this.#waiting]) {
      if (!this.#hasRoom(next.need)) return
      next.admit()
    }
  }
}
