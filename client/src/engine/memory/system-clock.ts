import type { Clock } from '../ports.ts'

/** Longer timers fire at once, so a long sleep is cut into pieces of this. */
const maxTimerMs = 2 ** 31 - 1

/** The machine's clock. A sleeping program stays alive. */
export const systemClock: Clock = { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, signal, false) }

/** The machine's clock for what may be dropped when the program has nothing else to do. */
export const backgroundClock: Clock = { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, signal, true) }

async function sleep(ms: number, signal: AbortSignal | undefined, isBackground: boolean): Promise<void> {
  const end = Date.now() + ms
  for (let left = ms; left > 0 && signal?.aborted !== true; left = end - Date.now())
    await waitOnce(Math.min(left, maxTimerMs), signal, isBackground)
}

function waitOnce(ms: number, signal: AbortSignal | undefined, isBackground: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(stop, Math.ceil(ms))
    if (isBackground) timer.unref()
    signal?.addEventListener('abort', stop, { once: true })
  })
}
