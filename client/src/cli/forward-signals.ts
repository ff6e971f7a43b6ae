import type { ChildProcess } from 'node:child_process'

/**
 * A terminal's Ctrl-C reaches the command by itself; every other signal is for both. Until the returned function is
 * called, this process outlives the signals, so that it sees how the command ends.
 */
export function forwardSignals(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const forward = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}
