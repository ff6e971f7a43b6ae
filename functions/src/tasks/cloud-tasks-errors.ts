import { status } from '@grpc/grpc-js'

/** The name is taken: by a task that waits, or one of the last hour. */
export function isNameTaken(error: unknown): boolean {
  return codeOf(error) === status.ALREADY_EXISTS
}

const transient: readonly unknown[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.INTERNAL,
  // A queue that nobody has used for 30 days is not found until it has woken up, which takes minutes: messages and
  // tasks whose handlers fail on it come again for longer than that.
  // https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#createtaskrequest (2026-11)
  status.NOT_FOUND,
]

/** The request may or may not have taken effect, and may be sent again since the task has a name. */
export const isTransient = (error: unknown): boolean => transient.includes(codeOf(error))

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
