import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { PlantedBug } from './planted-bug.ts'

const root = resolve(import.meta.dirname, '../../..')

/**
 * Bundles the hunt with the bug in a copy of its file; the file itself stays as it is.
 * @throws Error if the text to replace does not occur exactly once: then the bug must be planted anew
 */
export async function plant(bug: PlantedBug | undefined, outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, 'hunt.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'silent',
    plugins: [bundleOwnCode, ...(bug === undefined ? [] : [replaceIn(bug)])],
  })
}

/** Our packages are bundled from their sources, those of others stay outside. */
const bundleOwnCode: Plugin = {
  name: 'bundle-own-code',
  setup(builder) {
    builder.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined
      const [, part] = /^graupel\/(.+)$/.exec(path) ?? []
      if (part !== undefined) return { path: resolve(root, `client/src/${part}/index.ts`) }
      return { path, external: true, sideEffects: false }
    })
  },
}

const replaceIn = ({ file, find, replace }: PlantedBug): Plugin => ({
  name: 'replace',
  setup(builder) {
    const path = resolve(root, file)
    builder.onLoad({ filter: /\.ts$/ }, async (args) => {
      if (args.path !== path) return undefined
      const text = await readFile(path, 'utf8')
      const [before, after, ...more] = text.split(find)
      if (before === undefined || after === undefined || more.length > 0)
        throw new Error(`'${find}' does not occur exactly once in ${file}`)
      return { contents: before + replace + after, loader: 'ts' }
    })
  },
})
