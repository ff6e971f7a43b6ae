import { type FoundLog, findLog, type LogPlace, type LogStep, readUsage } from 'graupel/engine'
import type { UsageSample } from 'graupel/model'
import type { Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ApiServices } from './api-services.ts'
import { findJob } from './find-batch.ts'

const steps = ['input', 'main', 'output'] as const

/** A longer log is not sent as JSON. An answer in one piece may have 32 MiB (https://cloud.google.com/run/quotas, 2025-11). */
const maxJsonBytes = 16 * 2 ** 20

/** What jobs printed and used: of the newest attempt, or of `attempt_id`. */
export function addLogRoutes(api: Hono, services: ApiServices): void {
  api.get('/batches/:batch/jobs/:job/log', async (context) => {
    const place = await placeOf(services, context)
    const found = await Promise.all(steps.map(async (step) => ({ step, log: await logOf(services, place, step) })))
    const told = found.filter(({ step, log }) => step === 'main' || (log?.sizeBytes ?? 0) > 0)
    return context.json(
      Object.fromEntries(await Promise.all(told.map(async ({ step, log }) => [step, await toText(log)]))),
    )
  })
  api.get('/batches/:batch/jobs/:job/log/:step', async (context) => {
    const step = stepOf(context.req.param('step'))
    const log = await logOf(services, await placeOf(services, context), step)
    return context.body(log === undefined ? '' : streamOf(log))
  })
  api.get('/batches/:batch/jobs/:job/resource_usage', async (context) => {
    const place = await placeOf(services, context)
    const samples = place === undefined ? [] : await readUsage(services.objects, place)
    return context.json({ main: usageColumns(samples) })
  })
}

/** `undefined` before the first attempt. */
async function placeOf(services: ApiServices, context: Context): Promise<LogPlace | undefined> {
  const { batch = '', job: number = '' } = context.req.param()
  const { record, job } = await findJob(services, { batch, job: number })
  const asked = context.req.query('attempt_id')
  if (asked === undefined)
    return job.attempt === 0 ? undefined : { root: record.root, job: job.id, attempt: job.attempt }
  const attempt = Number(asked)
  if (Number.isInteger(attempt) && attempt >= 1 && attempt <= job.attempt)
    return { root: record.root, job: job.id, attempt }
  throw new HTTPException(404, { message: `job ${job.id} of batch ${record.id} has no attempt ${asked}` })
}

function stepOf(text: string): LogStep {
  const step = steps.find((known) => known === text)
  if (step !== undefined) return step
  throw new HTTPException(404, { message: `a job has no step '${text}': its steps are ${steps.join(', ')}` })
}

/** What failed staging says stands in `main` too, where people look first. */
const logOf = async ({ objects }: ApiServices, place: LogPlace | undefined, step: LogStep) =>
  place && findLog(objects, place, step === 'main' ? undefined : step)

async function toText(log: FoundLog | undefined): Promise<string> {
  if (log === undefined) return ''
  if (log.sizeBytes > maxJsonBytes)
    throw new HTTPException(413, {
      message: `the log has ${log.sizeBytes} bytes, too many for JSON: ask for /log/main`,
    })
  return new TextDecoder().decode(Buffer.concat(await Array.fromAsync(log.chunks())))
}

/** One chunk at a time: a log of any length takes no more memory than that. */
function streamOf(log: FoundLog): ReadableStream<Uint8Array> {
  const chunks = log.chunks()[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}

/** The columns of Hail's table; a rate is of the time since the row before. */
function usageColumns(samples: readonly UsageSample[]) {
  const column = <T>(of: (sample: UsageSample, before: UsageSample | undefined) => T): T[] =>
    samples.map((sample, index) => of(sample, samples[index - 1]))
  return {
    time_msecs: column(({ at }) => at),
    cpu_usage: column(({ cpu }) => cpu),
    memory_in_bytes: column(({ memoryBytes }) => memoryBytes),
    io_storage_in_bytes: column(({ storageBytes }) => storageBytes),
    network_bandwidth_upload_in_bytes_per_second: column((now, before) => rate('sentBytes', now, before)),
    network_bandwidth_download_in_bytes_per_second: column((now, before) => rate('receivedBytes', now, before)),
  }
}

function rate(of: 'sentBytes' | 'receivedBytes', now: UsageSample, before: UsageSample | undefined): number | null {
  const bytes = now[of]
  const bytesBefore = before?.[of]
  if (before === undefined || bytes === undefined || bytesBefore === undefined) return null
  return ((bytes - bytesBefore) * 1000) / (now.at - before.at)
}
