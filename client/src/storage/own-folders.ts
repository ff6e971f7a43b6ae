import { resolve, sep } from 'node:path'
import { atOnce, type FileSteps, patiently } from './file-steps.ts'

/** The folders whose files may be linked, sealed and tidied. Everything else belongs to the user. */
export class OwnFolders {
  readonly #folders: readonly string[]
  #realFolders: Promise<readonly string[]> | undefined

  constructor(folders: readonly string[]) {
    this.#folders = folders.map((folder) => resolve(folder))
  }

  /** The own folder that `path` lies in, by its text. */
  folderOf(path: string): string | undefined {
    return folderAround(this.#folders, resolve(path))
  }

  /** How the file system is asked about `path`. */
  stepsAt(path: string): FileSteps {
    return this.folderOf(path) === undefined ? patiently : atOnce
  }

  /** Where `path` leads once all symbolic links are followed, if that lies in an own folder. @throws if there is nothing */
  async realPathOf(path: string): Promise<string | undefined> {
    if (this.#folders.length === 0) return undefined
    this.#realFolders ??= Promise.all(this.#folders.map(makeRealFolder))
    const realPath = await this.stepsAt(path).realpath(path)
    return folderAround(await this.#realFolders, realPath) === undefined ? undefined : realPath
  }
}

async function makeRealFolder(folder: string): Promise<string> {
  await patiently.makeFolder(folder)
  return patiently.realpath(folder)
}

function folderAround(folders: readonly string[], path: string): string | undefined {
  return folders.find((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
}
