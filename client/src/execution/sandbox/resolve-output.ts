import { readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { atOnce, type FileSteps } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'

/**
 * Where symbolic links in outputs may lead. `anywhere`: the commands ran as this user, who can read the target anyway.
 * Otherwise only within `hostRoot`, which the commands saw as `innerRoot`: a container must not make the agent read the
 * machine's files.
 */
export type LinkRule = 'anywhere' | Confinement

export interface Confinement {
  readonly hostRoot: string
  readonly innerRoot: string
}

const maxLinks = 40

/** The rule with a `hostRoot` that is free of links itself. */
export async function realRule(rule: LinkRule, steps: FileSteps = atOnce): Promise<LinkRule> {
  return rule === 'anywhere' ? rule : { ...rule, hostRoot: await steps.realpath(rule.hostRoot) }
}

/**
 * The file or folder, free of links, that `way` leads to from the folder `from`, which is free of links; `path` names it
 * in messages. What commands that still run do meanwhile may make the answer wrong: see `openOutput`.
 */
export function resolveOutput(
  { from, way, path }: { readonly from: string; readonly way: string; readonly path: string },
  rule: LinkRule,
  steps: FileSteps = atOnce,
): Promise<string> {
  return rule === 'anywhere' ? steps.realpath(join(from, way)) : followInside({ from, way, path }, rule, steps)
}

/** Every link on the way is read as the container would: an absolute one begins at the container's root. */
async function followInside(
  { from, way, path }: Parameters<typeof resolveOutput>[0],
  { hostRoot, innerRoot }: Confinement,
  steps: FileSteps,
): Promise<string> {
  const ahead = segmentsOf(way)
  let place = from
  let links = 0
  for (let segment = ahead.shift(); segment !== undefined; segment = ahead.shift()) {
    if (segment === '..') {
      if (place === hostRoot) throw unfit(path, leadsOut)
      place = dirname(place)
      continue
    }
    const next = join(place, segment)
    if (!(await steps.lstat(next)).isSymbolicLink()) {
      place = next
      continue
    }
    if (++links > maxLinks) throw unfit(path, endless)
    const target = await readlink(next)
    if (target.startsWith('/')) place = hostRoot
    ahead.unshift(...segmentsOf(target.startsWith('/') ? wayFromRoot(target, innerRoot, path) : target))
  }
  return place
}

function wayFromRoot(target: string, innerRoot: string, path: string): string {
  if (isWithin(target, innerRoot)) return target.slice(innerRoot.length)
  throw unfit(path, `is a symbolic link to ${target}, outside the job's folder`)
}

const segmentsOf = (way: string): string[] => way.split('/').filter((segment) => segment !== '' && segment !== '.')

export const isWithin = (place: string, root: string): boolean => place === root || place.startsWith(`${root}/`)

export const leadsOut = 'is a symbolic link that leads out of the job’s folder'

export const endless = 'is a chain of symbolic links without an end'

export const unfit = (path: string, why: string): AttemptFault =>
  new AttemptFault('missingOutput', `The output '${path}' cannot be stored: it ${why}.`)
