import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const resolved = new Map<string, string>()

/** What a name means to the modules of a folder: a path, as the bundler finds it. */
export function resolveImport(specifier: string, folder: string): string {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier)
  if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') return resolve(folder, specifier)
  const key = JSON.stringify([specifier, folder])
  const known = resolved.get(key) ?? askBundler(specifier, folder)
  resolved.set(key, known)
  return known
}

/** The bundler's own answer, so that a package is found in the same form wherever it is named. */
function askBundler(specifier: string, folder: string): string {
  const { metafile } = buildSync({
    stdin: { contents: `import ${JSON.stringify(specifier)}`, resolveDir: folder, sourcefile: 'asked' },
    absWorkingDir: '/',
    bundle: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const path = metafile.inputs.asked?.imports[0]?.path
  return path === undefined ? specifier : resolve('/', path)
}
