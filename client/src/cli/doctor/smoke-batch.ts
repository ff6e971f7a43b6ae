import { TimeoutError } from '../../errors/timeout-error.ts'
import { Batch, type ServiceBackend } from '../../index.ts'
import { failed, ok, type Verdict } from './finding.ts'

export interface SmokeBatchOptions {
  /** `undefined`: a process of the worker. */
  readonly image: string | undefined
  readonly timeoutSeconds: number
}

/** The smallest batch that takes the whole way: submitted, given a machine, run, told, its output kept. */
export async function runSmokeBatch(backend: ServiceBackend, options: SmokeBatchOptions): Promise<Verdict> {
  const batch = new Batch({ backend, name: 'graupel doctor' })
  const job = batch.newJob({ name: 'smoke', cpu: 0.25, memory: '128Mi', image: options.image })
  job.command`echo ${'it is "here"'}`
  const begun = Date.now()
  const run = await batch.run({ wait: false })
  try {
    await run.wait({ timeout: options.timeoutSeconds, throwOnFailure: false })
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    const { reason, state } = await run.job(job).status()
    await run.cancel()
    return failed(
      `after ${options.timeoutSeconds} s it is still ${state}: ${reason ?? 'nobody says why'}; it is cancelled`,
      `graupel job ${run.id} 1 tells why it waits`,
    )
  }
  const { state, reason } = await run.job(job).status()
  const log = await run.job(job).log()
  if (state === 'Success' && log === 'it is "here"\n') return ok(`ran in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  return failed(`${state}: ${reason ?? `it printed ${JSON.stringify(log)}`}`, `graupel log ${run.id} 1`)
}
