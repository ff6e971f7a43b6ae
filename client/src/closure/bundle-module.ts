import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { BundleProblem, bundleProblem } from './bundle-problem.ts'
import { mapComment, splitMap } from './code-writer.ts'

/** Packages of CommonJS ask for Node's modules by `require`, which ES modules do not have. */
export const requireOfNode = `const require = (name) => {
  const found = process.getBuiltinModule(name)
  if (found === undefined) throw new Error(\`Cannot find module '\${name}': it was not taken along\`)
  return found
}
`

/**
 * One module with all that it imports in it.
 *
 * @param folder from where its imports are resolved
 * @throws BundleProblem
 */
export function bundleModule(text: string, folder: string): string {
  const main = mainModule()
  const { output, imports } = build(text, folder, main)
  if (main !== undefined && imports.includes(main)) {
    throw new BundleProblem('imports the program itself, which would run again in the job')
  }
  const { text: code, map } = splitMap(output)
  const sources = map.sources.map((source) => (source === null ? null : sourceUrl(source)))
  return `${code}${mapComment({ ...map, sources })}\n`
}

function build(text: string, folder: string, main: string | undefined): { output: string; imports: string[] } {
  try {
    const { outputFiles, metafile } = buildSync({
      stdin: { contents: text, resolveDir: folder, sourcefile: 'graupel-functions.js', loader: 'js' },
      absWorkingDir: '/',
      banner: { js: requireOfNode },
      bundle: true,
      // Left out, so that whatever it imports is not looked at, either.
      external: main === undefined ? [] : [main],
      format: 'esm',
      platform: 'node',
      target: 'node22',
      metafile: true,
      sourcemap: 'inline',
      sourcesContent: false,
      write: false,
      outfile: '/graupel-functions.js',
      logLevel: 'silent',
    })
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    return { output: outputFiles[0]?.text ?? '', imports: imports.map(({ path }) => resolve('/', path)) }
  } catch (error) {
    throw bundleProblem(error)
  }
}

/** Sources come relative to the root, but for those that had a URL before. */
const sourceUrl = (source: string): string =>
  /^[a-z]+:/.test(source) ? source : `${pathToFileURL(resolve('/', source))}`

function mainModule(): string | undefined {
  const [, path] = process.argv
  try {
    return path === undefined ? undefined : realpathSync(path)
  } catch {
    return undefined
  }
}
