/** Joins callbacks to an async iterator: what is pushed comes out in order. Ends when closed, failed or left. */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = []
  readonly #readers: PromiseWithResolvers<IteratorResult<T, undefined>>[] = []
  readonly #onEnd: () => void
  #end: { readonly error?: unknown } | undefined

  /** @param onEnd called once, when nothing more will be read */
  constructor(onEnd: () => void = () => undefined) {
    this.#onEnd = onEnd
  }

  push(item: T): void {
    if (this.#end !== undefined) return
    const reader = this.#readers.shift()
    if (reader === undefined) this.#items.push(item)
    else reader.resolve({ value: item, done: false })
  }

  /** What was pushed can still be read. */
  close(): void {
    this.#finish({})
  }

  /** What was pushed can still be read; then the reader gets the error. */
  fail(error: unknown): void {
    this.#finish({ error })
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve({ value: item, done: false })
    if (this.#end !== undefined) return this.#settle(this.#end)
    const reader = Promise.withResolvers<IteratorResult<T, undefined>>()
    this.#readers.push(reader)
    return reader.promise
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#items.length = 0
    this.#finish({})
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return
    this.#end = end
    for (const reader of this.#readers.splice(0)) void this.#settle(end).then(reader.resolve, reader.reject)
    this.#onEnd()
  }

  #settle(end: { readonly error?: unknown }): Promise<IteratorResult<T, undefined>> {
    if (!('error' in end)) return Promise.resolve({ value: undefined, done: true })
    // Once only: an iterator that has thrown is done.
    this.#end = {}
    return Promise.reject(end.error)
  }
}
