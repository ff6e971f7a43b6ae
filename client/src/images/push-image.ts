import type Docker from 'dockerode'
import { followProgress } from '../execution/container/follow-progress.ts'
import type { ImageAuth } from '../execution/container/pull-image.ts'

/**
 * Sends an image to the registry that its name says, with credentials that Docker need not know beforehand.
 *
 * @throws Error with the engine's or the registry's words
 */
export async function pushImage(docker: Docker, name: string, auth: ImageAuth): Promise<void> {
  await followProgress(docker, await docker.getImage(name).push({ authconfig: auth }))
}
