import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'

/** More than anybody reads. */
const shown = 100
const textSchema = z.object({ stringValue: z.string() })
const rowSchema = z.object({
  document: z.object({ name: z.string(), fields: z.object({ name: textSchema.optional() }).loose() }).optional(),
})

export interface LiveBatch {
  readonly id: string
  readonly name: string | undefined
}

/** Batches that have not ended, at most 100. None where the database is gone already. */
export async function readLiveBatches(api: GoogleApi, project: string, database: string): Promise<LiveBatch[]> {
  const states = { arrayValue: { values: [{ stringValue: 'open' }, { stringValue: 'running' }] } }
  const query = {
    from: [{ collectionId: 'batches' }],
    where: { fieldFilter: { field: { fieldPath: 'state' }, op: 'IN', value: states } },
    limit: shown,
  }
  const path = `/v1/projects/${project}/databases/${encodeURIComponent(database)}/documents:runQuery`
  try {
    const rows = await api.call(z.array(rowSchema), {
      service: 'firestore',
      method: 'POST',
      path,
      body: { structuredQuery: query },
    })
    return rows.flatMap(({ document }) =>
      document === undefined
        ? []
        : [{ id: document.name.split('/').at(-1) ?? '', name: document.fields.name?.stringValue }],
    )
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return []
    throw error
  }
}
