import type { BatchStatus } from '../../backends/batch-status.ts'
import { readNewestBatches } from '../../backends/running/newest-batches.ts'
import type { RunningBatch } from '../../backends/running-batch.ts'
import { GoogleHome } from '../../backends/service/google-home.ts'
import { ServiceBackend } from '../../backends/service/service-backend.ts'
import { readServiceConfiguration } from '../../backends/service/service-configuration.ts'
import { BatchNotFoundError } from '../../errors/batch-not-found-error.ts'
import type { Terminal } from '../terminal.ts'

/** What stands for the id of the newest batch. */
const latest = '@latest'

/** The service as the commands use it, open for the time of one command. */
export interface ServiceSession {
  /** @throws BatchNotFoundError */
  find(id: string): Promise<RunningBatch>
  /** The newest batches first. */
  list(limit: number): Promise<BatchStatus[]>
}

/** Opens the service that the environment names, and closes it when `use` is done. */
export async function withService<T>(env: Terminal['env'], use: (session: ServiceSession) => Promise<T>): Promise<T> {
  const backend = new ServiceBackend({}, { ...env })
  const home = await GoogleHome.open(readServiceConfiguration({}, env), {})
  const list = (limit: number) => readNewestBatches(home.store, limit, home.clock.now())
  const resolveId = async (id: string) => (id === latest ? newestId(await list(1)) : id)
  try {
    return await use({ list, find: async (id) => backend.findBatch(await resolveId(id)) })
  } finally {
    await Promise.all([home.close(), backend.close()])
  }
}

function newestId([newest]: readonly BatchStatus[]): string {
  if (newest === undefined) throw new BatchNotFoundError({ id: latest })
  return newest.id
}
