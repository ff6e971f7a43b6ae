import { status } from '@grpc/grpc-js'

/** An answer that gRPC hands to the client as an error with this code. */
export class GrpcStatusError extends Error {
  override readonly name = 'GrpcStatusError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export function notFound(what: string): GrpcStatusError {
  return new GrpcStatusError(status.NOT_FOUND, `${what} does not exist.`)
}

export function alreadyExists(message: string): GrpcStatusError {
  return new GrpcStatusError(status.ALREADY_EXISTS, message)
}

export function invalidArgument(message: string): GrpcStatusError {
  return new GrpcStatusError(status.INVALID_ARGUMENT, message)
}
