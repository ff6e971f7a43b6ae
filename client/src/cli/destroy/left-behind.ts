import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'
import { listAll } from '../google/list-all.ts'
import { type Kind, kinds, type Place } from './kinds.ts'
import { listMachines } from './machines.ts'

/** What Google's lists tell of a thing; each service has its own word for the title. */
export const itemSchema = z.looseObject({
  name: z.string(),
  displayName: z.string().optional(),
  title: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
})
export type Item = z.infer<typeof itemSchema>

/** Everything of a deployment that Google still knows, as `kind name`. */
export async function findLeftBehind(api: GoogleApi, place: Place): Promise<string[]> {
  const found = await Promise.all(kinds.map((kind) => listKind(api, kind, place)))
  const machines = await listMachines(api, place.project, place.prefix)
  return [...found.flat(), ...machines.map(({ name }) => `machine ${name}`)].sort()
}

async function listKind(api: GoogleApi, kind: Kind, place: Place): Promise<string[]> {
  const { service, key, query } = kind
  const call = { service, path: kind.path(place), query: query?.(place) ?? {} }
  const items = await listAll(api, itemSchema, key, call)
  return items.filter((item) => isOf(item, kind, place)).map((item) => `${kind.kind} ${wordFor(item, kind)}`)
}

/** Whether a thing that Google lists belongs to the deployment, and to no other of the project. Pure. */
export function isOf(item: Item, { known }: Pick<Kind, 'known'>, place: Place): boolean {
  if (known === 'label') return item.labels?.graupel === place.prefix
  if (known === 'title') return isTitleOf(titleOf(item), place.prefix)
  return known(place).test(lastPartOf(item.name))
}

const isTitleOf = (title: string, prefix: string): boolean => title === prefix || title.startsWith(`${prefix}: `)
const titleOf = ({ displayName, title }: Item): string => displayName ?? title ?? ''
const lastPartOf = (name: string): string => name.split('/').at(-1) ?? ''

/** Names of what Google Monitoring makes are numbers. */
const wordFor = (item: Item, { service }: Kind): string =>
  service === 'monitoring' ? titleOf(item) : lastPartOf(item.name)
