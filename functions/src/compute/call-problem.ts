import { z } from 'zod'
import type { Operation, OperationError } from './compute-api.ts'
import type { LaunchProblem } from './launch-errors.ts'

/** What the client library's errors have in them. */
const callErrorSchema = z.object({
  message: z.string(),
  httpStatusCode: z.number().optional(),
  reason: z.string().optional(),
  code: z.union([z.number(), z.string()]).optional(),
})

/** A call that was answered with an error; `undefined` if there was no answer, so that nobody knows what happened. */
export function problemOfCall(error: unknown): LaunchProblem | undefined {
  const parsed = callErrorSchema.safeParse(error)
  if (!parsed.success || parsed.data.httpStatusCode === undefined) return undefined
  const { message, reason, httpStatusCode } = parsed.data
  return { code: reason ?? '', message, httpStatus: httpStatusCode }
}

/** There is no such thing. */
export const isNotFound = (error: unknown): boolean => problemOfCall(error)?.httpStatus === 404

export const problemOfOperation = (error: OperationError): LaunchProblem => {
  const quota = error.errorDetails?.find(({ quotaInfo }) => quotaInfo != null)?.quotaInfo
  const location = error.location?.split('/').at(-1)
  const name = quota?.limitName ?? quota?.metricName?.split('/').at(-1)?.toUpperCase()
  const { code, message } = error
  return { code, message, ...(location !== undefined && { location }), ...(name !== undefined && { quota: name }) }
}

/** Errors of an operation that has ended. */
export function problemsOf({ error, httpErrorStatusCode, httpErrorMessage }: Operation): LaunchProblem[] {
  if (error?.errors !== undefined && error.errors.length > 0) return error.errors.map(problemOfOperation)
  if (httpErrorStatusCode == null || httpErrorStatusCode < 400) return []
  return [{ code: '', message: httpErrorMessage ?? 'the operation failed', httpStatus: httpErrorStatusCode }]
}

/** Zones in which some of the machines could not be made. */
export function dryZones({ instancesBulkInsertOperationMetadata: metadata }: Operation): string[] {
  const places = Object.entries(metadata?.perLocationStatus ?? {})
  return places
    .filter(([, status]) => (status.failedToCreateVmCount ?? 0) > 0)
    .map(([zone]) => zone.split('/').at(-1) ?? zone)
}
