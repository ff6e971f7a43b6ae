import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'
import { manifestPath } from './package-manifest.ts'

/** Where the repository's manifest waits while the package's is in its place. */
export const keptManifestPath = join(folders.client, '.package.repository.json')

/** Files of the repository that the package has, too. */
export const borrowedFiles = ['README.md', 'LICENSE']

/** Undoes `prepack`. Nothing to do is no error. */
export function restoreRepository(): void {
  if (existsSync(keptManifestPath)) renameSync(keptManifestPath, manifestPath)
  for (const name of borrowedFiles) rmSync(join(folders.client, name), { force: true })
}
