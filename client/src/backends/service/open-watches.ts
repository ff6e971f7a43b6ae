import type { Unsubscribe } from '../home.ts'

type OnError = (error: Error) => void

/** Watches that are still open: the client of Firestore cannot end before them. */
export class OpenWatches {
  readonly #open = new Map<Unsubscribe, OnError>()
  #closed: Error | undefined

  /** Begins to watch, or tells `onError`, later, that it is too late. */
  add(begin: (onError: OnError) => Unsubscribe, onError: OnError): Unsubscribe {
    if (this.#closed !== undefined) {
      const closed = this.#closed
      queueMicrotask(() => onError(closed))
      return () => undefined
    }
    const end = begin((error) => {
      this.#open.delete(stop)
      onError(error)
    })
    const stop = () => {
      this.#open.delete(stop)
      end()
    }
    this.#open.set(stop, onError)
    return stop
  }

  /** Ends all, and tells each why. */
  close(why: Error): void {
    this.#closed = why
    for (const [stop, onError] of [...this.#open]) {
      stop()
      onError(why)
    }
  }
}
