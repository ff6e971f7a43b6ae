import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, type Metafile } from 'esbuild'
import { bundleProblem } from './bundle-problem.ts'

const resolved = new Map<string, string>()

/** How a module is asked for: packages may answer differently. */
export type ImportKind = 'import' | 'require'

/** What a name means to the modules of a folder: a path, as the bundler finds it. */
export function resolveImport(specifier: string, folder: string, kind: ImportKind): string {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier)
  if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') return resolve(folder, specifier)
  const key = JSON.stringify([specifier, folder, kind])
  const known = resolved.get(key) ?? askBundler(specifier, folder, kind)
  resolved.set(key, known)
  return known
}

/**
 * The bundler's own answer, so that a package is found in the same form wherever it is named.
 *
 * @throws BundleProblem
 */
function askBundler(specifier: string, folder: string, kind: ImportKind): string {
  const imports = Object.values(bundledInputs(`${kind}(${JSON.stringify(specifier)})`, folder)).flatMap(
    (input) => input.imports,
  )
  const path = imports.find(({ original }) => original === specifier)?.path
  return path === undefined ? specifier : resolve('/', path)
}

function bundledInputs(contents: string, resolveDir: string): Metafile['inputs'] {
  try {
    return buildSync({
      stdin: { contents, resolveDir },
      absWorkingDir: '/',
      bundle: true,
      format: 'esm',
      platform: 'node',
      metafile: true,
      write: false,
      logLevel: 'silent',
    }).metafile.inputs
  } catch (error) {
    throw bundleProblem(error)
  }
}
