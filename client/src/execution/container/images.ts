import type Docker from 'dockerode'
import { isImageReference } from '../../model/index.ts'
import { untilAborted } from '../attempt/until-aborted.ts'
import { isUnreachable, lostEngineFault, misnamedFault, platformFault, unreachableFault } from './docker-faults.ts'
import { mirroredName } from './docker-hub-mirror.ts'
import { type PullOptions, pullImage } from './pull-image.ts'

export interface ImagesOptions extends PullOptions {
  /**
   * A tag may move. After so many ms its registry is asked again, by the first job that needs it; until then all jobs
   * get the same image. Default: an image that is here is used as it is.
   */
  readonly imageRefreshMs?: number | undefined
  /** The engine is a part of this machine: where it does not answer, the machine is broken. Default: some have none. */
  readonly hasEngine?: boolean | undefined
}

interface Resolved {
  readonly id: string
  /** When its registry was asked. */
  readonly at: number
}

/** The images of this machine; what is missing is pulled, once for all who wait for it. */
export class Images {
  readonly #options: ImagesOptions
  readonly #connect: () => Promise<Docker>
  readonly #underWay = new Map<string, Promise<string>>()
  #machine: string | undefined
  readonly #resolved = new Map<string, Resolved>()
  #hasAnswered: boolean

  constructor(options: ImagesOptions, connect: () => Promise<Docker>) {
    this.#options = options
    this.#connect = connect
    this.#hasAnswered = options.hasEngine ?? false
  }

  /**
   * The id of the image, which is on this machine now.
   * @throws AttemptFault with cause `image` if it cannot be had, `infrastructure` if the engine or the registry is in
   * trouble, or with that of the abort
   */
  ensure(image: string, signal: AbortSignal): Promise<string> {
    return untilAborted(
      signal,
      (aborted) => aborted.aborted,
      () => this.#once(image),
    )
  }

  #once(image: string): Promise<string> {
    const resolving = this.#underWay.get(image) ?? this.#resolve(image).finally(() => this.#underWay.delete(image))
    this.#underWay.set(image, resolving)
    return resolving
  }

  async #resolve(image: string): Promise<string> {
    const known = this.#freshIdOf(image)
    const here = await this.#find(image, known ?? this.#nameOf(image))
    if (here !== undefined && (known !== undefined || !this.#mayHaveMoved(image, here)))
      return this.#checked(image, here)
    const asked = this.#options.clock.now()
    const pulled = await this.#pull(image, here)
    this.#resolved.set(image, { id: pulled.Id, at: asked })
    return this.#checked(image, pulled)
  }

  /** As Docker knows it. */
  #nameOf(image: string): string {
    return mirroredName(image, this.#options.dockerHubMirror)
  }

  #freshIdOf(image: string): string | undefined {
    const { clock, imageRefreshMs } = this.#options
    const resolved = this.#resolved.get(image)
    if (resolved === undefined || imageRefreshMs === undefined) return undefined
    return clock.now() - resolved.at < imageRefreshMs ? resolved.id : undefined
  }

  /** A digest names one image for ever, and an image that was built here is in no registry. */
  #mayHaveMoved(image: string, { RepoDigests }: Docker.ImageInspectInfo): boolean {
    return this.#options.imageRefreshMs !== undefined && !image.includes('@') && (RepoDigests ?? []).length > 0
  }

  /** While the registry has passing trouble, an image that is here will do. */
  async #pull(image: string, here: Docker.ImageInspectInfo | undefined): Promise<Docker.ImageInspectInfo> {
    const docker = await this.#connect()
    try {
      await pullImage(docker, image, this.#options)
    } catch (error) {
      if (here === undefined || Object(error).faultCause === 'image') throw error
      return here
    }
    return docker.getImage(this.#nameOf(image)).inspect()
  }

  /** Docker pulls an image of another platform with a mere warning, if there is no other. */
  async #checked(image: string, { Id, Os, Architecture }: Docker.ImageInspectInfo): Promise<string> {
    if (this.#options.platform !== undefined || Architecture === '') return Id
    this.#machine ??= await this.#platformOfMachine()
    if (`${Os}/${Architecture}` === this.#machine) return Id
    throw platformFault(image, `${Os}/${Architecture}`, this.#machine)
  }

  async #platformOfMachine(): Promise<string> {
    const { Os, Arch } = await (await this.#connect()).version()
    return `${Os}/${Arch}`
  }

  async #find(image: string, name: string): Promise<Docker.ImageInspectInfo | undefined> {
    if (!isImageReference(image)) throw misnamedFault(image)
    try {
      const docker = await this.#connect()
      const found = await docker.getImage(name).inspect()
      this.#hasAnswered = true
      return found
    } catch (error) {
      if (isUnreachable(error)) throw this.#hasAnswered ? lostEngineFault(image, error) : unreachableFault(image, error)
      this.#hasAnswered ||= Object(error).statusCode !== undefined
      if (Object(error).statusCode === 404 || Object(error).statusCode === 400) return undefined
      throw Object(error).statusCode === undefined ? lostEngineFault(image, error) : error
    }
  }
}
