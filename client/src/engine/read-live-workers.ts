import type { WorkerRecord } from '../model/index.ts'
import type { Store } from './ports.ts'
import { decodeWorker } from './records.ts'

/** More than a deployment may have: a worker that is overlooked would be taken for one that never came up. */
const maxLiveWorkers = 20_000

export async function readLiveWorkers(store: Store): Promise<WorkerRecord[]> {
  const found = await store.query({ kind: 'liveWorkers', limit: maxLiveWorkers })
  return found.map(({ document }) => decodeWorker(document))
}
