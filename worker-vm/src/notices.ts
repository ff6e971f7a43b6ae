import { systemClock } from 'graupel/execution'
import type { Metadata } from './metadata.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const retryMs = 5000

/**
 * Resolves when this machine or this agent is told to end, by whichever comes first:
 * - the metadata server, seconds before a Spot machine is stopped; the notice is best effort, 30 s at most.
 *   https://cloud.google.com/compute/docs/instances/spot#preemption-process (2026-11)
 * - SIGTERM: Compute Engine presses the machine's power button (ACPI G2), systemd shuts down, and ends the container of
 *   the agent with SIGTERM; the same happens when somebody stops the machine, and when the container is stopped alone.
 *   The unit or `docker stop` must leave the agent its grace and the time to store what is left: 30 s or more.
 * - SIGINT and SIGHUP: from a terminal.
 */
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
