import type { ServerResponse } from 'node:http'

/** An answer in the shape that Google's JSON APIs give their errors. */
export class GoogleError extends Error {
  override readonly name = 'GoogleError'
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

export function objectNotFound(bucket: string, name: string): GoogleError {
  return new GoogleError(404, 'notFound', `No such object: ${bucket}/${name}`)
}

export function conditionNotMet(): GoogleError {
  return new GoogleError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')
}

export function invalidRequest(message: string): GoogleError {
  return new GoogleError(400, 'invalid', message)
}

export function sendError(response: ServerResponse, error: unknown): void {
  const { status, reason, message } = error instanceof GoogleError ? error : unexpected(error)
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  if (status === 304) {
    response.writeHead(304).end()
    return
  }
  const body = { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } }
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}

function unexpected(error: unknown): GoogleError {
  return new GoogleError(500, 'backendError', error instanceof Error ? error.message : String(error))
}
