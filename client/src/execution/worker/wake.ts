/** Lets loops sleep until something has changed. Every sleeper wakes; who comes later waits for the next change. */
export class Wake {
  #next = Promise.withResolvers<void>()

  notify(): void {
    const { resolve } = this.#next
    this.#next = Promise.withResolvers()
    resolve()
  }

  /** Resolves at the next `notify` after this call. */
  changed(): Promise<void> {
    return this.#next.promise
  }
}
