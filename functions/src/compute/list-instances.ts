import { GoogleAuth, type OAuth2Client } from 'google-auth-library'
import { z } from 'zod'
import { type InstanceList, instanceSchema } from './compute-api.ts'

/** A page of https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList (2026-11) */
const pageSchema = z.object({
  items: z
    .record(
      z.string(),
      z.object({
        instances: z.array(instanceSchema).default([]),
        warning: z.object({ code: z.string() }).optional(),
      }),
    )
    .default({}),
  nextPageToken: z.string().optional(),
})

export interface ListPlace {
  readonly project: string
  /** Without a slash at its end. */
  readonly url: string
  /** Credentials. Default: the function's own. */
  readonly auth?: Pick<OAuth2Client, 'request'> | undefined
}

const instancesPerPage = 500
const timeout = 60_000

/**
 * The instances of all zones that answer, and the zones that do not. By itself over REST: the client library cannot ask
 * for what is there when a zone is not, and a sweep that finds nothing needs no more of it.
 */
export async function listInstances(
  { project, url, auth = ownAuth() }: ListPlace,
  filter: string,
): Promise<InstanceList> {
  const instances: InstanceList['instances'][number][] = []
  const unreachable = new Set<string>()
  let pageToken: string | undefined
  do {
    const query = { filter, maxResults: instancesPerPage, returnPartialSuccess: true, ...(pageToken && { pageToken }) }
    const { data } = await auth.request({
      url: `${url}/compute/v1/projects/${project}/aggregated/instances`,
      params: query,
      timeout,
    })
    const page = pageSchema.parse(data)
    for (const [scope, { instances: found, warning }] of Object.entries(page.items)) {
      instances.push(...found)
      if (warning?.code === 'UNREACHABLE') unreachable.add(scope.slice(scope.lastIndexOf('/') + 1))
    }
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return { instances, unreachable: [...unreachable] }
}

const ownAuth = () => new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
