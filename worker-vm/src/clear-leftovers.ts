import { mkdir, rm } from 'node:fs/promises'
import { connectDocker, killProcessesOf, removeContainersOf, unmountLeftovers } from 'graupel/execution'
import type { WorkerConfig } from './config.ts'

/**
 * Ends what an earlier agent of this machine has left running: its jobs are given to others, and must not go on here.
 * To be done before this agent asks for work.
 */
export async function clearLeftovers({ agent, mountsFolder, scratch }: WorkerConfig): Promise<void> {
  await Promise.all([killProcessesOf(agent), removeContainersOf(await connectDocker(), agent)])
  await unmountLeftovers(mountsFolder)
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
}

/** The agent's own folder is empty when all its jobs have ended. */
export const removeScratch = ({ scratch }: WorkerConfig): Promise<void> => rm(scratch, { recursive: true, force: true })
