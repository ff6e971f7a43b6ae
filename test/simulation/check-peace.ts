import type { Result } from './result.ts'
import type { BatchPlan } from './workload.ts'
import { Violation } from './world.ts'

/** An end, its edges to other shards, and what opens and closes a batch. */
const mostMessagesPerJob = 10

/**
 * What must hold of a run in which nothing went wrong.
 * @throws Violation
 */
export function checkPeace({ messages, rescues, starts }: Result, plans: readonly BatchPlan[]): void {
  const jobs = plans.flatMap((plan) => plan.submissions.flatMap((submission) => submission.jobs))
  const commands = jobs.filter((job) => !job.isBarrier).length
  if (starts !== commands) throw new Violation(`${starts} containers ran for ${commands} jobs`)
  if (rescues > 0) throw new Violation(`the sweep spoke up ${rescues} times, and nothing was missing`)
  if (messages > mostMessagesPerJob * jobs.length) throw new Violation(`${messages} messages for ${jobs.length} jobs`)
}
