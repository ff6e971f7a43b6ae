import type Docker from 'dockerode'
import { z } from 'zod'

/** What Docker says while it pulls or builds. */
const progressSchema = z.object({ stream: z.string().catch(''), error: z.string().optional().catch(undefined) })

/**
 * Waits for the end of a pull or build. Docker answers 200 before it begins, and tells what goes wrong then as it tells
 * all else.
 *
 * @throws Error with what Docker says
 */
export async function followProgress(
  docker: Docker,
  answer: NodeJS.ReadableStream,
  print: (text: string) => void = () => undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let problem: string | undefined
  docker.modem.followProgress(
    answer,
    (error: Error | null) => (error === null ? resolve() : reject(error)),
    (event: unknown) => {
      const { data } = progressSchema.safeParse(event)
      if (data?.stream) print(data.stream)
      problem ??= data?.error
    },
  )
  await promise
  if (problem !== undefined) throw new Error(problem)
}
