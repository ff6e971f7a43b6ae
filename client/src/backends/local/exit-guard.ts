const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/**
 * What is to be done before this process ends, however many backends it has. A process ends only once and warns of many
 * listeners, so there is one set of them.
 */
const cleanups = new Set<() => void>()

/**
 * Calls `cleanup` when the process ends: by itself, or by a signal that the program does not handle. Jobs run in process
 * groups of their own, which an interrupt from the terminal does not reach.
 * @returns takes it back
 */
export function guardExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) install()
  cleanups.add(cleanup)
  return () => {
    if (cleanups.delete(cleanup) && cleanups.size === 0) uninstall()
  }
}

function install(): void {
  process.on('exit', cleanUp)
  for (const signal of signals) process.on(signal, onSignal)
}

function uninstall(): void {
  process.off('exit', cleanUp)
  for (const signal of signals) process.off(signal, onSignal)
}

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup()
}

/** A program with a handler of its own decides for itself what a signal means. */
function onSignal(signal: Signal): void {
  if (process.listenerCount(signal) > 1) return
  cleanUp()
  cleanups.clear()
  uninstall()
  process.kill(process.pid, signal)
}
