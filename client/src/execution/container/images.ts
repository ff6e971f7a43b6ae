import type Docker from 'dockerode'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { untilAborted } from '../attempt/until-aborted.ts'
import type { Clock } from '../clock.ts'
import { isUnreachable, pullFault, unreachableFault } from './docker-faults.ts'
import { followProgress } from './follow-progress.ts'

export interface ImageAuth {
  readonly username: string
  readonly password: string
  readonly serveraddress: string
}

export interface ImagesOptions {
  readonly clock: Clock
  readonly authOf?: ((image: string) => Promise<ImageAuth | undefined>) | undefined
}

const tries = 3
const retryMs = 2000
/** A pull that takes longer does not end any more. */
const limitMs = 20 * 60_000

/** The images of this machine; what is missing is pulled, once for all who wait for it. */
export class Images {
  readonly #options: ImagesOptions
  readonly #connect: () => Promise<Docker>
  readonly #pulls = new Map<string, Promise<void>>()

  constructor(options: ImagesOptions, connect: () => Promise<Docker>) {
    this.#options = options
    this.#connect = connect
  }

  /** @throws AttemptFault with cause `image` if it cannot be had, or with that of the abort */
  ensure(image: string, signal: AbortSignal): Promise<void> {
    return untilAborted(
      signal,
      (aborted) => aborted.aborted,
      () => this.#ensure(image),
    )
  }

  async #ensure(image: string): Promise<void> {
    if (await this.#isHere(image)) return
    const pull = this.#pulls.get(image) ?? this.#pull(image).finally(() => this.#pulls.delete(image))
    this.#pulls.set(image, pull)
    await pull
  }

  async #isHere(image: string): Promise<boolean> {
    try {
      const docker = await this.#connect()
      await docker.getImage(image).inspect()
      return true
    } catch (error) {
      if (isUnreachable(error)) throw unreachableFault(image, error)
      return false
    }
  }

  async #pull(image: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#pullOnce(image)
      } catch (error) {
        const fault = error instanceof AttemptFault ? error : pullFault(image, error)
        if (fault.faultCause === 'image' || attempt === tries) throw fault
        await this.#options.clock.sleep(retryMs * attempt)
      }
    }
  }

  async #pullOnce(image: string): Promise<void> {
    const docker = await this.#connect()
    const authconfig = await this.#options.authOf?.(image)
    const stream = await docker.pull(withTag(image), authconfig === undefined ? {} : { authconfig })
    const pulled = new AbortController()
    const tooLate = this.#options.clock.sleep(limitMs, pulled.signal).then(() => {
      if (!pulled.signal.aborted) throw new Error(`timed out after ${limitMs / 60_000} minutes`)
    })
    try {
      await Promise.race([followProgress(docker, stream), tooLate])
    } finally {
      pulled.abort()
    }
  }
}

/** Without a tag, Docker would pull all tags that the registry has. */
export function withTag(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1)
  return name.includes(':') || name.includes('@') ? image : `${image}:latest`
}
