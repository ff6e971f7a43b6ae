import { type WorkerId, workerId } from './ids.ts'

/** Machine names have no dot, so the last one parts the machine from the start of its agent. */
const separator = '.'

/** The id of a worker: its machine and the moment its agent started, so that a restarted agent is another worker. */
export const workerIdOn = (machine: string, agentStartedAt: number): WorkerId =>
  workerId(`${machine}${separator}${agentStartedAt.toString(36)}`)

/** The machine that a worker runs on. */
export function machineNameOf(worker: WorkerId): string {
  const end = worker.lastIndexOf(separator)
  return end === -1 ? worker : worker.slice(0, end)
}
