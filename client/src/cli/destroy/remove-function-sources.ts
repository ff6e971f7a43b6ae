import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'
import { removeObjects } from '../google/remove-objects.ts'
import type { Terminal } from '../terminal.ts'
import { functionNames, type Place } from './kinds.ts'

/**
 * Cloud Functions keeps copies of its functions' sources in a bucket of its own, also when the functions are gone, in a
 * folder for each. Those of this deployment go; who may not delete them is told.
 */
export async function removeFunctionSources({ say }: Pick<Terminal, 'say'>, api: GoogleApi, place: Place) {
  const { project, region } = place
  try {
    const call = { service: 'cloudresourcemanager', path: `/v3/projects/${project}` }
    const { name } = await api.call(z.object({ name: z.string() }), call)
    const bucket = `gcf-v2-sources-${name.replace('projects/', '')}-${region}`
    const isOurs = (object: string) => functionNames(place).test(object.split('/', 1)[0] ?? '')
    const count = await removeObjects(api, bucket, isOurs)
    if (count > 0) say(`Removed ${count} copies of the functions' sources from gs://${bucket}`)
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return
    say(`Copies of the functions' sources may be left: ${error instanceof Error ? error.message : error}`)
  }
}
