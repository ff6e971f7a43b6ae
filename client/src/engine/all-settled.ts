/**
 * Waits for all, whatever becomes of some: what is given back for a failure comes again, and must not meet what is
 * still under way, take it for done, and be acknowledged by that.
 * @throws the reason of the first that was rejected
 */
export async function allSettled(promises: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(promises)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
