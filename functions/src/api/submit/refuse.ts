import { BatchError, RefusedByBatch } from 'graupel/submission'
import { HTTPException } from 'hono/http-exception'

/** What the client has sent cannot be done; the message names where, the value and what to do. */
export const badRequest = (message: string): HTTPException => new HTTPException(400, { message })

export const notFound = (message: string): HTTPException => new HTTPException(404, { message })

/** What is stored already stands against it. */
export const conflict = (message: string): HTTPException => new HTTPException(409, { message })

/** Speaks of one job of a submission. */
export type RefuseJob = (problem: string) => HTTPException

export const refuseJob =
  ({ job_id: number, attributes }: { readonly job_id: number; readonly attributes?: object | null | undefined }) =>
  (problem: string): HTTPException => {
    const name: unknown = Object(attributes).name
    return badRequest(`job ${number}${typeof name === 'string' ? ` ('${name}')` : ''} ${problem}`)
  }

/** Answers with what the submission says is wrong. */
export async function refusals<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof RefusedByBatch) throw conflict(error.message)
    if (!(error instanceof BatchError)) throw error
    throw error.code === 'E_BATCH_NOT_FOUND' ? notFound(error.message) : badRequest(error.message)
  }
}
