import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { folders } from './folders.ts'
import { readManifest } from './package-manifest.ts'

/** The service's programs, each a single file in the package. */
const programs = [
  { name: 'emulator', entry: 'functions/src/emulator/main.ts' },
  { name: 'functions', entry: 'functions/src/index.ts' },
  { name: 'worker', entry: 'worker-vm/src/main.ts' },
  // The worker starts it as a process of its own, from beside itself.
  { name: 'launcher-program', entry: 'client/src/execution/process/launcher-program.ts' },
] as const

/** graupel itself goes into the bundle; what npm installs beside it stays outside. */
const keepDependenciesOutside: Plugin = {
  name: 'keep-dependencies-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path === 'graupel' || path.startsWith('graupel/')) return undefined
      return { path, external: true }
    })
  },
}

/** What is missing or wrong, a line each. */
export async function bundlePrograms(): Promise<string[]> {
  const problems = await Promise.all(programs.map(({ name, entry }) => bundleProgram(name, entry)))
  return problems.flat()
}

async function bundleProgram(name: string, entry: string): Promise<string[]> {
  const source = join(folders.repository, entry)
  if (!existsSync(source)) return [`${entry} is not there, so the package has no program '${name}'`]
  try {
    const { metafile } = await build({
      entryPoints: [source],
      outfile: join(folders.programs, `${name}.js`),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22.12',
      metafile: true,
      logLevel: 'silent',
      plugins: [keepDependenciesOutside],
    })
    return findUndeclared(metafile).map(
      (dependency) => `${entry} needs ${dependency}: add it to the dependencies of client/package.json`,
    )
  } catch (error) {
    return [`${entry} cannot be bundled: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** Packages that a bundle imports and that installing graupel would not install. */
function findUndeclared(metafile: Metafile): string[] {
  const declared = new Set([...Object.keys(readManifest().dependencies ?? {}), ...builtinModules])
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  const names = imported
    .filter((path) => !path.startsWith('node:'))
    .map((path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(names)].filter((name) => !declared.has(name))
}
