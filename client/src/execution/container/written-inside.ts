import { access, constants } from 'node:fs/promises'
import type Docker from 'dockerode'
import { z } from 'zod'
import { diskUsageOf } from '../sandbox/disk-usage.ts'

/** The client's declarations leave it out: https://docs.docker.com/reference/api/engine/, ContainerList (2026-11) */
const sizesSchema = z.tuple([z.object({ SizeRw: z.number().optional() })])

/** Of storage drivers that keep it in a folder: https://docs.docker.com/engine/storage/drivers/overlayfs-driver/ (2026-11) */
const driverSchema = z.object({ GraphDriver: z.object({ Data: z.object({ UpperDir: z.string() }) }) })

/** The bytes that the commands write into the container itself, beside what is mounted. */
export class WrittenInside {
  readonly #docker: Docker
  readonly #container: Docker.Container
  #upperFolder: Promise<string | undefined> | undefined

  constructor(docker: Docker, container: Docker.Container) {
    this.#docker = docker
    this.#container = container
  }

  /** The engine itself counts slowly, and all others wait for it: who may read what it keeps does that. */
  async bytes(): Promise<number> {
    this.#upperFolder ??= this.#findUpperFolder()
    const folder = await this.#upperFolder
    return folder === undefined ? this.#ask() : diskUsageOf(folder)
  }

  async #ask(): Promise<number> {
    const filters = { id: [this.#container.id] }
    const [{ SizeRw = 0 }] = sizesSchema.parse(await this.#docker.listContainers({ all: true, size: true, filters }))
    return SizeRw
  }

  async #findUpperFolder(): Promise<string | undefined> {
    try {
      const { UpperDir: folder } = driverSchema.parse(await this.#container.inspect()).GraphDriver.Data
      await access(folder, constants.R_OK | constants.X_OK)
      return folder
    } catch {
      return undefined
    }
  }
}
