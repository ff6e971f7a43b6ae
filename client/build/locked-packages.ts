import { z } from 'zod'

const names = z.record(z.string(), z.string()).default({})
const packageSchema = z.looseObject({
  version: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
})
/** As much of https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json (2026-11) as is looked at. */
export const lockSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
})
export type Lock = z.infer<typeof lockSchema>

export interface LockedManifest {
  readonly name: string
  readonly dependencies: Readonly<Record<string, string>>
}

/**
 * The part of a repository's lock that some of its dependencies need, as a lock of their own: what is installed by it is
 * what has been tested. Pure.
 *
 * @throws Error if the lock does not have a dependency in the version that is asked for
 */
export function lockOf(manifest: LockedManifest, { packages }: Lock): object {
  const needed = new Map<string, object>()
  const visit = (path: string): void => {
    const found = packages[path]
    if (found === undefined || needed.has(path)) return
    needed.set(path, withoutPlaceInRepository(found))
    const { dependencies, optionalDependencies, peerDependencies } = found
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = placeOf(name, path, packages)
      if (place !== undefined) visit(place)
    }
  }
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    const path = `node_modules/${name}`
    if (packages[path]?.version !== version)
      throw new Error(`package-lock.json has ${name} ${packages[path]?.version}, not ${version}: run npm install`)
    visit(path)
  }
  const { name, dependencies } = manifest
  const sorted = [...needed].sort(([left], [right]) => (left < right ? -1 : 1))
  return {
    name,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, dependencies }, ...Object.fromEntries(sorted) },
  }
}

/** Where Node looks for a package that another one needs: beside it, then further and further out. */
function placeOf(name: string, from: string, packages: Lock['packages']): string | undefined {
  for (let folder = `${from}/`; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/'))) {
    const place = `${folder}node_modules/${name}`
    if (packages[place] !== undefined) return place
    if (folder === '') return undefined
  }
}

/** Whether a package serves development only is a matter of the repository. */
function withoutPlaceInRepository(found: Lock['packages'][string]): object {
  const { dev: _, devOptional: __, ...rest } = found
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => JSON.stringify(value) !== '{}'))
}
