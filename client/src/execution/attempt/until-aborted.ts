import { faultOfAbort } from './abort-reason.ts'

/**
 * Waits for `operation`, but no longer than until the attempt is over: what hangs then is left to itself, harmlessly,
 * because an attempt writes below its own prefix or with a precondition.
 * @throws AttemptFault that tells why the attempt is over
 */
export async function untilAborted<T>(
  signal: AbortSignal,
  isOver: (signal: AbortSignal) => boolean,
  operation: () => Promise<T>,
): Promise<T> {
  if (isOver(signal)) throw faultOfAbort(signal)
  const aborted = Promise.withResolvers<never>()
  const abort = () => {
    if (isOver(signal)) aborted.reject(faultOfAbort(signal))
  }
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([operation(), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
