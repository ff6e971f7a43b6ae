import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'
import { listAll } from '../google/list-all.ts'
import { listMachines } from './machines.ts'

export interface Place {
  readonly project: string
  readonly prefix: string
  readonly region: string
}

/** How a kind of thing is listed, and how those of a deployment are known. */
interface Kind {
  readonly kind: string
  readonly service: string
  readonly path: (place: Place) => string
  /** What the answer calls the list. */
  readonly key: string
  /** Default: the last part of `name`. */
  readonly label?: 'displayName'
  readonly query?: (place: Place) => Readonly<Record<string, string>>
  /** Default: `<prefix>` or `<prefix>-…`. */
  readonly begins?: (place: Place) => string
}

const inProject = (version: string, list: string) => (place: Place) => `/${version}/projects/${place.project}/${list}`
const inRegion = (version: string, list: string) => (place: Place) =>
  `/${version}/projects/${place.project}/locations/${place.region}/${list}`

/** Everything that the module makes, as Google lists it. */
const kinds: readonly Kind[] = [
  { kind: 'function', service: 'cloudfunctions', path: inRegion('v2', 'functions'), key: 'functions' },
  { kind: 'service', service: 'run', path: inRegion('v2', 'services'), key: 'services' },
  { kind: 'topic', service: 'pubsub', path: inProject('v1', 'topics'), key: 'topics' },
  { kind: 'subscription', service: 'pubsub', path: inProject('v1', 'subscriptions'), key: 'subscriptions' },
  { kind: 'queue', service: 'cloudtasks', path: inRegion('v2', 'queues'), key: 'queues' },
  { kind: 'scheduler job', service: 'cloudscheduler', path: inRegion('v1', 'jobs'), key: 'jobs' },
  { kind: 'secret', service: 'secretmanager', path: inProject('v1', 'secrets'), key: 'secrets' },
  { kind: 'service account', service: 'iam', path: inProject('v1', 'serviceAccounts'), key: 'accounts' },
  {
    kind: 'role',
    service: 'iam',
    path: inProject('v1', 'roles'),
    key: 'roles',
    begins: ({ prefix }) => `${prefix.replaceAll('-', '_')}_`,
  },
  { kind: 'repository', service: 'artifactregistry', path: inRegion('v1', 'repositories'), key: 'repositories' },
  {
    kind: 'bucket',
    service: 'storage',
    path: () => '/storage/v1/b',
    key: 'items',
    query: ({ project, prefix }) => ({ project, prefix: `${project}-${prefix}-` }),
    begins: ({ project, prefix }) => `${project}-${prefix}-`,
  },
  { kind: 'network', service: 'compute', path: inProject('compute/v1', 'global/networks'), key: 'items' },
  { kind: 'template', service: 'compute', path: inProject('compute/v1', 'global/instanceTemplates'), key: 'items' },
  { kind: 'database', service: 'firestore', path: inProject('v1', 'databases'), key: 'databases' },
  { kind: 'sink', service: 'logging', path: inProject('v2', 'sinks'), key: 'sinks' },
  {
    kind: 'alert',
    service: 'monitoring',
    path: inProject('v3', 'alertPolicies'),
    key: 'alertPolicies',
    label: 'displayName',
  },
  {
    kind: 'notification channel',
    service: 'monitoring',
    path: inProject('v3', 'notificationChannels'),
    key: 'notificationChannels',
    label: 'displayName',
  },
  {
    kind: 'dashboard',
    service: 'monitoring',
    path: inProject('v1', 'dashboards'),
    key: 'dashboards',
    label: 'displayName',
  },
]

const itemSchema = z.looseObject({ name: z.string(), displayName: z.string().optional() })

/** Everything of a deployment that Google still knows, as `kind name`. */
export async function findLeftBehind(api: GoogleApi, place: Place): Promise<string[]> {
  const found = await Promise.all(kinds.map((kind) => listKind(api, kind, place)))
  const machines = await listMachines(api, place.project, place.prefix)
  return [...found.flat(), ...machines.map(({ name }) => `machine ${name}`)].sort()
}

async function listKind(api: GoogleApi, kind: Kind, place: Place): Promise<string[]> {
  const { service, key, label } = kind
  const query = kind.query?.(place) ?? {}
  const items = await listAll(api, itemSchema, key, { service, path: kind.path(place), query })
  return items
    .map(({ name, displayName }) => (label === 'displayName' ? (displayName ?? '') : (name.split('/').at(-1) ?? '')))
    .filter((name) => isOf(name, kind, place))
    .map((name) => `${kind.kind} ${name}`)
}

function isOf(name: string, { begins, label }: Kind, place: Place): boolean {
  if (begins !== undefined) return name.startsWith(begins(place))
  const [, rest] = name.startsWith(place.prefix) ? [place.prefix, name.slice(place.prefix.length)] : []
  if (rest === undefined) return false
  return rest === '' || rest.startsWith('-') || (label !== undefined && /^[ :]/.test(rest))
}
