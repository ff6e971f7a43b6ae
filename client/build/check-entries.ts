import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'
import { builtPath, readManifest } from './package-manifest.ts'

/** What the manifest promises and the build did not make, a line each. */
export function checkEntries(): string[] {
  const { bin, exports } = readManifest()
  const missing = [...Object.values(exports), ...Object.values(bin)]
    .filter((source) => !existsSync(join(folders.client, builtPath(source, '.js'))))
    .map((source) => `client/package.json names ${source}, which is not there`)
  const mute = Object.values(bin)
    .map((source) => join(folders.client, builtPath(source, '.js')))
    .filter((path) => existsSync(path) && !readFileSync(path, 'utf8').startsWith('#!/usr/bin/env node\n'))
    .map((path) => `${path} does not begin with '#!/usr/bin/env node', so no shell can start it`)
  return [...missing, ...mute]
}
