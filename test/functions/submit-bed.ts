import { makeApi } from '@graupel/functions/api/api-function'
import type { Placement } from '@graupel/functions/api/api-services'
import { decodeChunk, paths, readBatch } from 'graupel/engine'
import { batchId } from 'graupel/model'
import { makeServices } from './hosted.ts'

const root = 'memory:///batches'
export const inMemory: Placement = { deployedLanes: 1, remoteTmpdir: root }

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** The api over ports in memory, and what lies behind it. */
export function openApi(placement: Placement = inMemory) {
  const services = { ...makeServices(), placement }
  const api = makeApi(services)
  const send = async (method: string, path: string, body?: unknown, headers = {}): Promise<Answer> => {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await api.request(path.startsWith('/api/') ? path : `/api/v1alpha${path}`, init)
    return { status: response.status, body: Object(await response.json()) }
  }
  const record = async (id: unknown) => (await readBatch(services.store, batchId(String(id))))?.record
  const jobs = async (id: unknown) => {
    const chunks = await services.store.query({
      kind: 'collection',
      path: paths.plansOf(batchId(String(id))),
      limit: 9,
    })
    return chunks.map(({ document }) => decodeChunk(document)).flatMap((chunk) => chunk.jobs)
  }
  const names = async () => (await Array.fromAsync(services.objects.list(root))).map(({ uri }) => uri)
  return { ...services, send, record, jobs, names }
}

/** A job of Hail's that does nothing. */
export const bash = (job_id: number, more: object = {}) => ({
  job_id,
  process: { type: 'bash', script: 'true' },
  ...more,
})
/** What is said of a batch beforehand, and more that only Hail knows. */
export const announce = (n_jobs: number, token = 'a token') => ({
  n_jobs,
  token,
  billing_project: 'ours',
  unheard_of: 1,
})
export const fast = (bunch: readonly object[], batch: object = {}) => ({
  batch: { ...announce(bunch.length), ...batch },
  bunch,
})
