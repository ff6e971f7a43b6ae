import type { Document } from '../../engine/ports.ts'
import type { Home } from '../home.ts'

export interface WaitLimits {
  readonly timeoutMs?: number | undefined
  /** Makes the error of a wait that took too long. */
  readonly onTimeout?: (() => Error) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Resolves with the first thing that `find` makes of the document, now or after a change.
 * @throws what `find` throws, the signal's reason, or the error for the timeout
 */
export function waitForDocument<T>(
  home: Pick<Home, 'changes'>,
  path: string,
  find: (document: Document | undefined) => T | undefined,
  { timeoutMs, onTimeout, signal }: WaitLimits = {},
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  if (signal?.aborted === true) return Promise.reject(signal.reason)
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const cancelTimer = onTimeout === undefined ? () => undefined : startTimer(timeoutMs, () => reject(onTimeout()))
  const look = (document: Document | undefined) => {
    try {
      const found = find(document)
      if (found !== undefined) resolve(found)
    } catch (error) {
      reject(error)
    }
  }
  const unsubscribe = home.changes.ofDocument(path, look, reject)
  return promise.finally(() => {
    unsubscribe()
    cancelTimer()
    signal?.removeEventListener('abort', onAbort)
  })
}

/** Node's longest timer; longer ones fire at once. */
const maxTimerMs = 2 ** 31 - 1

function startTimer(ms: number | undefined, onEnd: () => void): () => void {
  if (ms === undefined || ms > maxTimerMs) return () => undefined
  const timer = setTimeout(onEnd, ms)
  return () => clearTimeout(timer)
}
