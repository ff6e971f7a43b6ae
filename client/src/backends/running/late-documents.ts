import type { JobSummary } from '../../engine/statuses.ts'
import { isTerminal } from '../../model/index.ts'
import type { Home } from '../home.ts'

const longestMs = 2_000
const pauseMs = 50
/** In larger batches only jobs that went wrong have a document. */
const maxDocumentedJobs = 10_000

/**
 * The document of a job, with its times, comes a moment after the record that says that it has ended. Whoever asks in
 * that moment waits for it, but for all jobs together no longer than 2 seconds.
 */
export class LateDocuments {
  readonly #home: Pick<Home, 'clock'>
  readonly #mayCome: boolean
  #deadline: number | undefined

  constructor(home: Pick<Home, 'clock'>, jobsOfBatch: number) {
    this.#home = home
    this.#mayCome = jobsOfBatch <= maxDocumentedJobs
  }

  async complete(found: JobSummary, read: () => Promise<JobSummary | undefined>): Promise<JobSummary> {
    const { clock } = this.#home
    let job = found
    while (this.#mayCome && isLate(job)) {
      this.#deadline ??= clock.now() + longestMs
      if (clock.now() >= this.#deadline) break
      await clock.sleep(pauseMs)
      job = (await read()) ?? job
    }
    return job
  }
}

const isLate = ({ state, attempt, endedAt }: JobSummary): boolean =>
  isTerminal(state) && attempt > 0 && endedAt === undefined
