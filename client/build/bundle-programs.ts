import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import { runnerBundle } from '../src/execution/calls/runner-bundle.ts'
import { folders } from './folders.ts'
import { readManifest } from './package-manifest.ts'

interface Program {
  readonly name: string
  /** Its source in the repository. */
  readonly entry: string
  /** Default: a module, whose dependencies npm installs beside it. */
  readonly optionsOf?: (source: string) => BuildOptions
}

/** The service's programs, each a single file in the package. */
const programs: readonly Program[] = [
  { name: 'emulator.js', entry: 'functions/src/emulator/main.ts' },
  { name: 'functions.js', entry: 'functions/src/index.ts' },
  { name: 'worker.js', entry: 'worker-vm/src/main.ts' },
  // The worker starts it as a process of its own, from beside itself.
  { name: 'launcher-program.js', entry: 'client/src/execution/process/launcher-program.ts' },
  { name: 'call-runner.cjs', entry: 'client/src/execution/calls/runner/main.ts', optionsOf: runnerBundle },
]

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
  const problems = await Promise.all(programs.map(bundleProgram))
  return problems.flat()
}

const moduleOptions = (source: string): BuildOptions => ({
  entryPoints: [source],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.12',
  logLevel: 'silent',
  plugins: [keepDependenciesOutside],
})

async function bundleProgram({ name, entry, optionsOf = moduleOptions }: Program): Promise<string[]> {
  const source = join(folders.repository, entry)
  if (!existsSync(source)) return [`${entry} is not there, so the package has no program '${name}'`]
  try {
    const outfile = join(folders.programs, name)
    const options = { ...optionsOf(source), outfile, metafile: true as const }
    // Names of sources in the output are seen from there, whoever builds: images are called by their content.
    const { metafile } = await build({ ...options, absWorkingDir: folders.repository })
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
