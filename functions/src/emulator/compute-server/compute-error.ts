/** An answer that is no success, as Compute Engine gives it. */
export class ComputeError extends Error {
  override readonly name = 'ComputeError'
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

export const notFound = (what: string): ComputeError => new ComputeError(404, 'notFound', `${what} was not found`)

/** A call that this server does not know, or not in this shape. Tests fail when one came. */
export const notUnderstood = (message: string): ComputeError => new ComputeError(400, 'invalid', message)

export const tooManyRequests = (what: string): ComputeError =>
  new ComputeError(429, 'rateLimitExceeded', `Rate Limit Exceeded: ${what}`)
