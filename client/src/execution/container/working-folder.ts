import type Docker from 'dockerode'

/** The folders in which images begin. */
export class WorkingFolders {
  readonly #known = new Map<string, string | undefined>()

  /** `undefined` if the image with this id sets none: the root of its files is where Docker itself would begin. */
  async of(docker: Docker, id: string): Promise<string | undefined> {
    if (this.#known.has(id)) return this.#known.get(id)
    const { Config } = await docker.getImage(id).inspect()
    const folder = Config.WorkingDir === '' || Config.WorkingDir === '/' ? undefined : Config.WorkingDir
    this.#known.set(id, folder)
    return folder
  }
}
