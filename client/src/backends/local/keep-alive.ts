/** Node's longest timer. */
const longMs = 2 ** 31 - 1

/** Keeps the program alive while somebody holds it, and lets it end by itself otherwise. */
export class KeepAlive {
  #holders = 0
  #timer: NodeJS.Timeout | undefined

  /** @returns lets go; may be called twice */
  hold(): () => void {
    this.#holders += 1
    this.#timer ??= setInterval(() => undefined, longMs)
    let isHeld = true
    return () => {
      if (isHeld) this.#release()
      isHeld = false
    }
  }

  #release(): void {
    this.#holders -= 1
    if (this.#holders > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
