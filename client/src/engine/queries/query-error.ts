/** A query that cannot be understood; the message names the line and says why. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
}
