import type Docker from 'dockerode'
import type { Clock } from '../clock.ts'
import { pullFault, unknownHostFault } from './docker-faults.ts'
import { mirroredName } from './docker-hub-mirror.ts'
import { followProgress } from './follow-progress.ts'

export interface ImageAuth {
  readonly username: string
  readonly password: string
  /** Counts instead of the password: what `docker login` got from a registry that gives out tokens. */
  readonly identitytoken?: string
  readonly serveraddress: string
}

export interface PullOptions {
  readonly clock: Clock
  readonly authOf?: ((image: string) => Promise<ImageAuth | undefined>) | undefined
  /** Of `docker run --platform`. Default: this machine's. */
  readonly platform?: string | undefined
  /** Images of Docker Hub are pulled from this repository, and known to the engine by its name. Default: Docker Hub. */
  readonly dockerHubMirror?: string | undefined
}

const tries = 3
const retryMs = 2000
/** A pull that takes longer does not end any more. */
const limitMs = 20 * 60_000

/**
 * Messages say `image`, as people wrote it, whatever it is pulled as.
 * @throws AttemptFault with cause `image`, or `infrastructure` when several tries have met passing trouble
 */
export async function pullImage(docker: Docker, image: string, options: PullOptions): Promise<void> {
  const name = mirroredName(image, options.dockerHubMirror)
  for (let attempt = 1; ; attempt++) {
    try {
      return await pullOnce(docker, name, options)
    } catch (error) {
      const fault = pullFault(image, error, name)
      if (fault.faultCause === 'image') throw fault
      if (attempt === tries) throw (name === image ? unknownHostFault(image, error) : undefined) ?? fault
      await options.clock.sleep(retryMs * attempt)
    }
  }
}

async function pullOnce(docker: Docker, image: string, { authOf, clock, platform }: PullOptions): Promise<void> {
  const authconfig = await authOf?.(image)
  const stream = await docker.pull(withTag(image), {
    ...(authconfig === undefined ? {} : { authconfig }),
    ...(platform === undefined ? {} : { platform }),
  })
  const pulled = new AbortController()
  const tooLate = clock.sleep(limitMs, pulled.signal).then(() => {
    if (!pulled.signal.aborted) throw new Error(`timed out after ${limitMs / 60_000} minutes`)
  })
  try {
    await Promise.race([followProgress(docker, stream), tooLate])
  } finally {
    pulled.abort()
  }
}

/** Without a tag, Docker would pull all tags that the registry has. */
export function withTag(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1)
  return name.includes(':') || name.includes('@') ? image : `${image}:latest`
}
