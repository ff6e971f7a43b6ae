import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A function that makes folders, which are gone after the file's or block's tests. */
export function useTemporaryFolders(): () => Promise<string> {
  const folders: string[] = []
  afterAll(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
  })
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'graupel-test-'))
    folders.push(folder)
    return folder
  }
}
