/** What the run on a real project is bounded by. */
export interface Limits {
  readonly project: string
  readonly prefix: string
  readonly region: string
  readonly machines: number
  readonly cores: number
}

/** A step of the run: what it shows, and at most what it costs. */
export interface Step {
  readonly id: 'deploy' | 'doctor' | 'examples' | 'latency' | 'identity' | 'preemption' | 'scale' | 'cost' | 'destroy'
  readonly shows: string
  readonly usd: number
}

/** Spot, n2 in us-central1: between $0.0098 and $0.02 a core and hour, https://cloud.google.com/spot-vms/pricing (2026-11). */
const usdPerCoreHour = 0.02
/** Found, started, the image pulled, the job, the idle tail. */
const minutesPerMachine = 6

const machinesFor = (machines: number, minutes: number, { cores }: Limits): number =>
  (machines * cores * minutes * usdPerCoreHour) / 60

/** The whole run, in its order. Destroying comes last, whatever happened before. Pure. */
export const stepsOf = (limits: Limits): readonly Step[] => [
  { id: 'deploy', shows: 'the module applies, and nothing is left to change afterwards', usd: 0.1 },
  {
    id: 'doctor',
    shows: 'every permission, quota, API and image, and a batch of one job',
    usd: machinesFor(1, minutesPerMachine, limits),
  },
  {
    id: 'examples',
    shows: 'the examples end as they do on this machine',
    usd: machinesFor(4, 2 * minutesPerMachine, limits),
  },
  {
    id: 'latency',
    shows: 'how long a job waits for a new machine, and for one that is there',
    usd: machinesFor(1, minutesPerMachine, limits),
  },
  {
    id: 'identity',
    shows: 'a job has tokens of the account of jobs, and none of its machine',
    usd: machinesFor(1, minutesPerMachine, limits),
  },
  {
    id: 'preemption',
    shows: 'a job whose machine is taken away succeeds at its second attempt',
    usd: machinesFor(2, minutesPerMachine, limits),
  },
  {
    id: 'scale',
    shows: `${limits.machines} machines at once, if the quota has room`,
    usd: machinesFor(limits.machines, minutesPerMachine, limits),
  },
  { id: 'cost', shows: 'what the batches say they cost, against the estimate', usd: 0 },
  { id: 'destroy', shows: 'everything goes, and Google knows of nothing that is left', usd: 0 },
]

/** What is printed before anything is done. Pure. */
export function showSteps(steps: readonly Step[], { project, prefix, region }: Limits): string {
  const total = steps.reduce((sum, { usd }) => sum + usd, 0)
  const lines = steps.map(({ id, shows, usd }) => `  ${id.padEnd(10)}  $${usd.toFixed(2).padStart(5)}  ${shows}`)
  return [`On project ${project}, as '${prefix}' in ${region}:`, ...lines, `At most $${total.toFixed(2)} in all`].join(
    '\n',
  )
}
