import {
  type AttemptEnd,
  type Cause,
  type EndReason,
  type JobTemplate,
  type Losses,
  memoryBytesOf,
  type TerminalState,
} from '../model/index.ts'

/** No job starts more often than this, whatever its budgets say: attempts are one byte in the record. */
export const maxAttemptsOfAJob = 250

/** After this many infrastructure losses a job is given only to a worker that runs nothing else. */
export const lossesBeforeAlone = 2

export type Verdict =
  | { readonly kind: 'final'; readonly state: TerminalState; readonly reason: EndReason }
  | { readonly kind: 'retry'; readonly losses: Losses; readonly backOffMs: number }

/** What follows an attempt that did not succeed: each cause has its own budget, and none pays for another. */
export function judgeEnd(
  template: JobTemplate,
  losses: Losses | undefined,
  attemptsUsed: number,
  end: AttemptEnd,
): Verdict {
  const verdict = judgeCause(template, losses ?? {}, end)
  const cap = Math.min(template.maxAttempts ?? maxAttemptsOfAJob, maxAttemptsOfAJob)
  if (verdict.kind === 'final' || attemptsUsed < cap) return verdict
  const reason = reasonOf(end, `after ${attemptsUsed} ${attemptsUsed === 1 ? 'attempt' : 'attempts'}`)
  return { kind: 'final', state: isUsersFault(end.cause) ? 'Failed' : 'Error', reason }
}

const isUsersFault = (cause: Cause): boolean => cause === 'failed' || cause === 'outOfMemory'

function judgeCause(template: JobTemplate, losses: Losses, end: AttemptEnd): Verdict {
  switch (end.cause) {
    case 'failed':
      return judgeFailure(template, losses, end)
    case 'outOfMemory':
      return judgeOutOfMemory(template, losses, end)
    case 'preempted':
      return judgePreemption(template, losses, end)
    case 'staging':
      return end.isLasting === true
        ? { kind: 'final', state: 'Error', reason: reasonOf(end) }
        : judgeInfrastructure(template, losses, end)
    case 'stopped':
    case 'infrastructure':
      return judgeInfrastructure(template, losses, end)
    case 'outOfDisk':
    case 'timeout':
    case 'image':
    case 'shell':
    case 'missingInput':
    case 'missingOutput':
      return { kind: 'final', state: 'Error', reason: reasonOf(end) }
    case 'success':
      throw new Error('a success is not judged')
    default:
      return end.cause satisfies never
  }
}

function judgeFailure(template: JobTemplate, losses: Losses, end: AttemptEnd): Verdict {
  const code = String(end.exitCode ?? 1)
  const ofCode = template.retry.exitCodes?.[code]
  if (ofCode !== undefined) {
    const used = losses.exitCodes?.[code] ?? 0
    if (used >= ofCode) return { kind: 'final', state: 'Failed', reason: reasonOf(end) }
    return retry({ ...losses, exitCodes: { ...losses.exitCodes, [code]: used + 1 } })
  }
  const used = losses.failed ?? 0
  if (used >= template.retry.failed) return { kind: 'final', state: 'Failed', reason: reasonOf(end) }
  return retry({ ...losses, failed: used + 1 })
}

function judgeOutOfMemory(template: JobTemplate, losses: Losses, end: AttemptEnd): Verdict {
  const grown: Losses = { ...losses, outOfMemory: (losses.outOfMemory ?? 0) + 1 }
  const canGrow = memoryBytesOf(template, grown) > memoryBytesOf(template, losses)
  return canGrow ? retry(grown) : { kind: 'final', state: 'Failed', reason: reasonOf(end) }
}

function judgePreemption(template: JobTemplate, losses: Losses, end: AttemptEnd): Verdict {
  const preempted = (losses.preempted ?? 0) + 1
  if (preempted > template.retry.preempted) return { kind: 'final', state: 'Error', reason: reasonOf(end) }
  return {
    kind: 'retry',
    losses: { ...losses, preempted, preemptedInARow: (losses.preemptedInARow ?? 0) + 1 },
    // The next attempt begins when this one is over for certain.
    backOffMs: end.lingersMs ?? 0,
  }
}

/**
 * With a budget of two or more only a loss that the job suffered alone leads to `Error`, because it runs alone by then:
 * a job that kills machines does not fail its neighbours.
 */
function judgeInfrastructure(template: JobTemplate, losses: Losses, end: AttemptEnd): Verdict {
  const before = losses.infrastructure ?? 0
  if (before >= template.retry.infrastructure) return { kind: 'final', state: 'Error', reason: reasonOf(end) }
  const backOffMs = before === 0 ? 0 : Math.min(60_000, 1000 * 2 ** before)
  return { kind: 'retry', losses: { ...losses, preemptedInARow: 0, infrastructure: before + 1 }, backOffMs }
}

const retry = (losses: Losses): Verdict => ({ kind: 'retry', losses: { ...losses, preemptedInARow: 0 }, backOffMs: 0 })

function reasonOf(end: AttemptEnd, suffix?: string): EndReason {
  const message = [end.message, suffix].filter((part) => part !== undefined).join(', ')
  return {
    cause: end.cause,
    ...(end.exitCode !== undefined && { exitCode: end.exitCode }),
    ...(message !== '' && { message }),
  }
}
