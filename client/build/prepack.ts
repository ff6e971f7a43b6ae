// npm runs this before it packs: the package gets its manifest and what npm looks for beside it.
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'
import { manifestPath, publishedManifest, readManifest } from './package-manifest.ts'
import { borrowedFiles, keptManifestPath, restoreRepository } from './restore-repository.ts'

// An earlier run may have been interrupted between the two scripts.
restoreRepository()
for (const name of borrowedFiles) {
  const path = join(folders.repository, name)
  if (!existsSync(path)) throw new Error(`${name} is not in the repository's top folder, and the package needs it`)
  copyFileSync(path, join(folders.client, name))
}
const manifest = publishedManifest(readManifest())
copyFileSync(manifestPath, keptManifestPath)
writeFileSync(manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`)
