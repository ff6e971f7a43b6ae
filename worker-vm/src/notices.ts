import { systemClock } from 'graupel/execution'
import type { Metadata } from './metadata.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const retryMs = 5000

/** Resolves when this machine or this agent is told to end; a signal is how a machine says it that shuts down. */
export function nextNotice(metadata: Metadata | undefined, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    for (const name of signals) process.once(name, () => resolve())
    if (metadata !== undefined) void watchPreemption(metadata, ended).then(resolve)
  })
}

/** Resolves at the notice, and not at all if the agent ends before. */
async function watchPreemption(metadata: Metadata, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      if (await metadata.isPreempted(ended)) return
    } catch {
      await systemClock.sleep(retryMs, ended)
    }
  }
  await new Promise(() => undefined)
}
