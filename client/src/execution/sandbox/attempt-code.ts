import type { ObjectStore } from '../../storage/index.ts'
import type { SharedFiles } from './shared-files.ts'

/** The code that one attempt calls, which lies elsewhere on this machine. */
export class AttemptCode {
  /** Absolute paths, by the paths below `BATCH_TMPDIR` that the calls name. */
  readonly paths: Record<string, string> = {}
  readonly #files: SharedFiles
  readonly #objects: ObjectStore
  readonly #read = new Set<string>()

  constructor(files: SharedFiles, objects: ObjectStore) {
    this.#files = files
    this.#objects = objects
  }

  /** @throws ObjectNotFoundError */
  async find(uri: string, path: string): Promise<void> {
    this.paths[path] = await this.#files.read(uri, this.#objects)
    this.#read.add(uri)
  }

  /** Nothing of it is read any more. */
  release(): void {
    for (const uri of this.#read) this.#files.release(uri)
    this.#read.clear()
  }
}
