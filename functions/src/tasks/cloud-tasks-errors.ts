import { status } from '@grpc/grpc-js'

/** The name is taken: by a task that waits, or one of the last hour. */
export function isNameTaken(error: unknown): boolean {
  return codeOf(error) === status.ALREADY_EXISTS
}

/** The request may or may not have taken effect, and may be sent again since the task has a name. */
export function isTransient(error: unknown): boolean {
  const transient: readonly unknown[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.ABORTED, status.INTERNAL]
  return transient.includes(codeOf(error))
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
