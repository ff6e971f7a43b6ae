import { createHash } from 'node:crypto'

/** A task's id has at most 500 characters; the name is in it for people to read. */
const READABLE_CHARACTERS = 400

/**
 * The id of the task of this name. A hash stands first: Cloud Tasks spreads tasks by their ids, and ids that follow one
 * another, as those of pools and windows do, make it slow and fail.
 * https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#createtaskrequest (2026-11)
 */
export function taskIdOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `${hash}-${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, READABLE_CHARACTERS)}`
}
