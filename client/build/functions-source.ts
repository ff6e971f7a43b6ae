import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { priceTable } from '../../functions/src/compute/prices/price-table.ts'
import { folders } from './folders.ts'
import { lockOf, lockSchema } from './locked-packages.ts'
import { readManifest } from './package-manifest.ts'

const bundleName = 'functions.js'

/**
 * The folder that `infra/` deploys: Cloud Functions installs what its manifest names, in the versions of the lock beside it,
 * and starts its main file.
 */
export function writeFunctionsSource(): void {
  const bundle = join(folders.programs, bundleName)
  if (!existsSync(bundle)) return
  const { source, asOf } = priceTable
  const manifest = {
    ...functionsManifest(readFileSync(bundle, 'utf8'), readManifest().dependencies ?? {}),
    // Told by whoever deploys: client/src/cli/deploy/price-age.ts.
    graupel: { prices: { source, asOf } },
  }
  mkdirSync(folders.functionsSource, { recursive: true })
  copyFileSync(bundle, join(folders.functionsSource, bundleName))
  const repositoryLock = readFileSync(join(folders.repository, 'package-lock.json'), 'utf8')
  const lock = lockOf(manifest, lockSchema.parse(JSON.parse(repositoryLock)))
  for (const [name, content] of Object.entries({ 'package.json': manifest, 'package-lock.json': lock }))
    writeFileSync(join(folders.functionsSource, name), `${JSON.stringify(content, undefined, 2)}\n`)
}

const imported = /(?:\bfrom|\bimport|\bimport\() ?"([^".][^"]*)"/g

/** Cloud Functions starts the main file. */
export const functionsManifest = (bundle: string, versions: Readonly<Record<string, string>>): BundleManifest =>
  bundleManifest('graupel-functions', bundleName, bundle, versions)

export interface BundleManifest {
  readonly name: string
  readonly private: true
  readonly type: 'module'
  readonly main: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** The manifest of a bundle: just the packages that it imports, in the versions that graupel has. Pure. */
export function bundleManifest(
  name: string,
  main: string,
  bundle: string,
  versions: Readonly<Record<string, string>>,
): BundleManifest {
  const names = [...bundle.matchAll(imported)].map(([, path = '']) =>
    path.split('/', path.startsWith('@') ? 2 : 1).join('/'),
  )
  const dependencies = [...new Set(names)].sort().flatMap((name) => {
    const version = versions[name]
    // What is left is a part of Node: the bundling has found every package declared.
    return version === undefined ? [] : [[name, version] as const]
  })
  return {
    name,
    private: true,
    type: 'module',
    main,
    dependencies: Object.fromEntries(dependencies),
  }
}
