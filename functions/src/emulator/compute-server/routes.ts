import { ComputeError, notUnderstood } from './compute-error.ts'
import type { ComputeWorld } from './compute-world.ts'
import type { CallName } from './server-faults.ts'

interface Call {
  readonly call: CallName
  readonly act: () => object
}

/** https://cloud.google.com/compute/docs/reference/rest/v1 (2026-11) @throws ComputeError 501 for what is not here */
export function answerCall(world: ComputeWorld, method: string, url: URL, body: unknown): Call {
  const prefix = `/compute/v1/projects/${world.settings.project}/`
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : ''
  const [scope = '', place = '', kind = '', name = ''] = path.split('/').map(decodeURIComponent)
  const route = `${method} ${scope} ${scope === 'aggregated' ? place : kind}`
  switch (route) {
    case 'POST regions instances':
      if (name !== 'bulkInsert') break
      return {
        call: 'bulkInsert',
        act: () => ({
          ...world.bulkInsert(place, url.searchParams.get('requestId') ?? '', body),
          kind: 'compute#operation',
          id: '1',
        }),
      }
    case 'GET regions operations':
      return { call: 'operation', act: () => ({ ...world.operation(place, name), id: '1' }) }
    case 'POST regions advice':
      return { call: 'advice', act: () => world.advise(place, body) }
    case 'GET aggregated instances':
      return { call: 'list', act: () => listPage(world, url.searchParams) }
    case 'DELETE zones instances':
      return {
        call: 'delete',
        act: () => {
          world.delete(place, name)
          return { kind: 'compute#operation', id: '1', name: `delete-${name}`, status: 'RUNNING', zone: place }
        },
      }
    default:
  }
  throw new ComputeError(501, 'notImplemented', `${method} ${url.pathname} is not served here`)
}

/** All zones that have something on this page; the last page has no token. */
function listPage(world: ComputeWorld, query: URLSearchParams): object {
  const [, name, value] = /^labels\.([a-z_-]+) = ([a-z0-9_-]+)$/.exec(query.get('filter') ?? '') ?? []
  if (name === undefined || value === undefined)
    throw notUnderstood(`the filter ${query.get('filter')} is not understood`)
  const size = Number(query.get('maxResults') ?? 500)
  const from = Number(query.get('pageToken') ?? 0)
  world.rates.count('list')
  const dark = world.unreachable
  if (dark.length > 0 && query.get('returnPartialSuccess') !== 'true')
    throw new ComputeError(503, 'backendError', `The zones ${dark.join()} cannot be reached`)
  const all = world.list({ name, value })
  const zones = Map.groupBy(all.slice(from, from + size), ({ zone }) => `zones/${zone.split('/').at(-1)}`)
  const items = Object.fromEntries<object>([
    ...[...zones].map(([zone, instances]) => [zone, { instances }] as const),
    ...dark.map((zone) => [`zones/${zone}`, { warning: { code: 'UNREACHABLE', message: zone } }] as const),
  ])
  return {
    kind: 'compute#instanceAggregatedList',
    items,
    ...(from + size < all.length && { nextPageToken: String(from + size) }),
  }
}
