import type { BatchId } from '../../model/index.ts'
import type { ServiceConfiguration } from './service-configuration.ts'

/** The address of a batch's page for people; `undefined` where there is none. Pure. */
export function batchPage(
  { project, database, firestoreHost, apiUrl }: ServiceConfiguration,
  batch: BatchId,
): string | undefined {
  if (firestoreHost !== undefined)
    return apiUrl === undefined ? undefined : new URL(`/api/v1alpha/batches/${batch}`, apiUrl).href
  // The console writes the default database without brackets.
  const shown = database === '(default)' ? '-default-' : encodeURIComponent(database)
  const page = new URL(`https://console.cloud.google.com/firestore/databases/${shown}/data/panel/batches/${batch}`)
  page.searchParams.set('project', project)
  return page.href
}
