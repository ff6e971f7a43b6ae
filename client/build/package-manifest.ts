import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { folders } from './folders.ts'

/** `package.json` as it is in the repository, where exports are sources. */
const manifestSchema = z.looseObject({
  version: z.string(),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

export const manifestPath = join(folders.client, 'package.json')

export const readManifest = (path = manifestPath): Manifest =>
  manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))

/** `./src/model/index.ts` → `./dist/model/index.js` */
export const builtPath = (source: string, extension: '.js' | '.d.ts'): string =>
  source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, extension)

/** The manifest of the published package, where exports are built files. */
export function publishedManifest(manifest: Manifest): object {
  const { scripts: _, ...rest } = manifest
  const exports = Object.entries(manifest.exports)
  const subPaths = exports.filter(([key]) => key !== '.')
  return {
    ...rest,
    bin: Object.fromEntries(Object.entries(manifest.bin).map(([name, path]) => [name, builtPath(path, '.js')])),
    exports: {
      ...Object.fromEntries(
        exports.map(([key, path]) => [key, { types: builtPath(path, '.d.ts'), default: builtPath(path, '.js') }]),
      ),
      './package.json': './package.json',
    },
    // For projects whose module resolution does not know `exports`.
    types: './dist/index.d.ts',
    typesVersions: {
      '*': Object.fromEntries(subPaths.map(([key, path]) => [key.slice(2), [builtPath(path, '.d.ts')]])),
    },
  }
}
