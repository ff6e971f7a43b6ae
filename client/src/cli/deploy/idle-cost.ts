import type { Choices } from './deployment.ts'

/** What exists while no batch runs, and what it costs a month. */
export interface IdleCost {
  readonly what: string
  readonly arithmetic: string
  /** US dollars; `undefined`: Google's page must be asked. */
  readonly usd: number | undefined
}

const hoursPerMonth = 730
const sweepsPerMonth = hoursPerMonth * 2
/** https://cloud.google.com/run/pricing, https://cloud.google.com/firestore/pricing (2026-11), us-central1. */
const usd = { perRequest: 0.4e-6, perCoreSecond: 24e-6, perGibSecond: 2.5e-6, perRead: 0.3e-6 } as const
const sweepGib = 1
/** Each is the first call of a new instance, whose start is billed too: its libraries alone take 1.6 s of a processor. */
const sweepSeconds = 3

/** List prices, without Google's free amounts. The table of infra/README.md has the sources. Pure. */
export function idleCosts(choices: Choices): readonly IdleCost[] {
  const perSecond = usd.perCoreSecond + sweepGib * usd.perGibSecond
  const sweep = sweepsPerMonth * (usd.perRequest + sweepSeconds * perSecond + 2 * usd.perRead)
  return [
    { what: 'functions, topics, queues, network', arithmetic: 'nothing runs while no batch does', usd: 0 },
    {
      what: 'the sweep, every 30 minutes',
      arithmetic: `${sweepsPerMonth} requests of ${sweepSeconds} s with the start of an instance, 2 reads each`,
      usd: sweep,
    },
    { what: 'the Scheduler job', arithmetic: '$0.10, three per billing account free', usd: 0.1 },
    { what: 'the secret', arithmetic: '$0.06 per version, six free', usd: 0.06 },
    { what: 'images of the functions and the agent', arithmetic: 'about 1 GB × $0.10', usd: 0.1 },
    ...(choices.alert_emails !== undefined && choices.alert_emails.length > 0 ? [alertsOf(choices)] : []),
    ...(choices.nat === true
      ? [{ what: 'Cloud NAT', arithmetic: 'by the hour: https://cloud.google.com/nat/pricing', usd: undefined }]
      : []),
  ]
}

/** One condition more where there is a limit that it can watch. */
function alertsOf({ limits }: Choices): IdleCost {
  const conditions = limits?.machines_in_all === undefined ? 3 : 4
  return { what: 'alerts', arithmetic: `${conditions} conditions × $1.50`, usd: conditions * 1.5 }
}

/** What is known of the sum. */
export const sumOf = (costs: readonly IdleCost[]): number => costs.reduce((sum, cost) => sum + (cost.usd ?? 0), 0)

export function showIdleCosts(costs: readonly IdleCost[]): string {
  const lines = costs.map(
    ({ what, arithmetic, usd: amount }) => `  ${dollars(amount).padStart(8)}  ${what} (${arithmetic})`,
  )
  const total = `  ${dollars(sumOf(costs)).padStart(8)}  in all, and $0.15 per GiB of documents, $0.02 per GB of files that are kept`
  return ['While no batch runs it costs, a month:', ...lines, total].join('\n')
}

const dollars = (amount: number | undefined): string => (amount === undefined ? 'not free' : `$${amount.toFixed(2)}`)
