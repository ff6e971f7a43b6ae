import type { Home } from '../home.ts'

const longestMs = 2_000
const pauseMs = 50

/**
 * Reads again until what is read is complete, for a little while: job documents are written after the commits that they
 * tell of, and in large batches not for every job.
 */
export async function untilDocumented<T>(
  { clock }: Pick<Home, 'clock'>,
  read: () => Promise<T>,
  isComplete: (found: T) => boolean,
): Promise<T> {
  const end = clock.now() + longestMs
  for (;;) {
    const found = await read()
    if (isComplete(found) || clock.now() >= end) return found
    await clock.sleep(pauseMs)
  }
}
