import pLimit from 'p-limit'

/** Files that are copied at once: a request to a bucket waits longer than it works. */
const width = 32

/**
 * Does `task` for each item, some at a time; results in the order of the items. After a failure nothing new is begun,
 * and what is under way is waited for, so that nothing goes on behind the caller's back.
 */
export async function inParallel<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  if (items.length === 0) return []
  const limit = pLimit(width)
  let failure: { error: unknown } | undefined
  const results = await Promise.all(
    items.map((item) =>
      limit(async () => {
        if (failure !== undefined) return undefined
        try {
          return { value: await task(item) }
        } catch (error) {
          failure ??= { error }
          return undefined
        }
      }),
    ),
  )
  if (failure !== undefined) throw failure.error
  return results.flatMap((result) => (result === undefined ? [] : [result.value]))
}
