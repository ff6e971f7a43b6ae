import { posix } from 'node:path'
import { z } from 'zod'
import { scanImports } from './scan-imports.ts'
import { readJson, readSources } from './source-files.ts'

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
})

const workspaces = ['client', 'functions', 'worker-vm']

/** The sources of the three workspaces, and what their packages say about them. */
export function readRepository() {
  const manifests = new Map(workspaces.map((name) => [name, manifestSchema.parse(readJson(`${name}/package.json`))]))
  const entries = new Map(
    [...manifests].flatMap(([folder, { name, exports = {} }]) =>
      Object.entries(exports).map(([key, path]) => [posix.join(name, key), posix.join(folder, path)] as const),
    ),
  )
  const files = workspaces.flatMap((folder) => readSources(`${folder}/src`))
  return {
    files,
    imports: files.flatMap((file) => scanImports(file, entries)),
    entryFiles: new Set([...entries.values(), 'functions/src/index.ts']),
    declared: new Map(
      [...manifests].map(([folder, { dependencies = {} }]) => [folder, new Set(Object.keys(dependencies))]),
    ),
  }
}
