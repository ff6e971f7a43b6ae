import type { Command } from 'commander'
import { z } from 'zod'

const cores = z.number('write a number of cores').min(0, 'write a number of cores, not below 0')
const dollars = z.number('write an amount of dollars').min(0, 'write an amount of dollars, not below 0')
const machines = z
  .number('write a number of machines')
  .int('write a whole number of machines')
  .min(0, 'write a number of machines, not below 0')
const minutes = z.union([z.number().min(0), z.literal('never')], 'write a number of minutes, not below 0, or never')

/** What machines may use and cost. What is left out is not limited; machines that are not Spot come after 15 minutes then. */
export const limitsSchema = z.strictObject({
  cpus_in_all: cores.optional(),
  cpus_per_batch: cores.optional(),
  cpus_per_pool: cores.optional(),
  dollars_per_batch: dollars.optional(),
  dollars_per_hour: dollars.optional(),
  dollars_per_hour_per_batch: dollars.optional(),
  dollars_per_hour_per_pool: dollars.optional(),
  machines_in_all: machines.optional(),
  machines_per_batch: machines.optional(),
  on_demand_after_minutes: minutes.optional(),
})
export type Limits = z.infer<typeof limitsSchema>

/** As commander hands them over. */
export interface LimitFlags {
  readonly maxCoresInAll?: string
  readonly maxCoresPerBatch?: string
  readonly maxCoresPerPool?: string
  readonly maxDollarsPerBatch?: string
  readonly maxDollarsPerHour?: string
  readonly maxDollarsPerHourPerBatch?: string
  readonly maxDollarsPerHourPerPool?: string
  readonly maxMachinesInAll?: string
  readonly maxMachinesPerBatch?: string
  readonly onDemandAfter?: string
}

export function addLimits(command: Command): void {
  command
    .option(
      '--max-cores-in-all <cores>',
      'cores that may be there at once, or none: as many as are asked for (default)',
    )
    .option('--max-cores-per-pool <cores>', 'cores of one pool, or none (default)')
    .option('--max-cores-per-batch <cores>', 'cores that machines are made for, per batch, or none (default)')
    .option('--max-machines-in-all <number>', 'machines of all pools, or none (default)')
    .option('--max-machines-per-batch <number>', 'machines that are made for a batch, or none (default)')
    .option('--max-dollars-per-hour <dollars>', 'what all machines may cost an hour, or none (default)')
    .option('--max-dollars-per-hour-per-pool <dollars>', 'what those of one pool may cost an hour, or none (default)')
    .option('--max-dollars-per-hour-per-batch <dollars>', 'what those of a batch may cost an hour, or none (default)')
    .option('--max-dollars-per-batch <dollars>', 'what a batch may cost; then it pauses; or none (default)')
    .option(
      '--on-demand-after <minutes>',
      'without a Spot machine, others are taken; or never; or none: after 15 (default)',
    )
}

/** An amount replaces what was there before, and `none` takes it away. Amounts are checked by the schema. Pure. */
export function limitsOf(flags: LimitFlags, before: Limits | undefined): object | undefined {
  const asked = Object.entries({
    cpus_in_all: flags.maxCoresInAll,
    cpus_per_batch: flags.maxCoresPerBatch,
    cpus_per_pool: flags.maxCoresPerPool,
    dollars_per_batch: flags.maxDollarsPerBatch,
    dollars_per_hour: flags.maxDollarsPerHour,
    dollars_per_hour_per_batch: flags.maxDollarsPerHourPerBatch,
    dollars_per_hour_per_pool: flags.maxDollarsPerHourPerPool,
    machines_in_all: flags.maxMachinesInAll,
    machines_per_batch: flags.maxMachinesPerBatch,
    on_demand_after_minutes: flags.onDemandAfter,
  } satisfies Record<keyof Limits, string | undefined>).filter(([, text]) => text !== undefined)
  if (asked.length === 0) return before
  const merged = { ...before, ...Object.fromEntries(asked.map(([name, text]) => [name, amountOf(text)])) }
  return Object.fromEntries(Object.entries(merged).filter(([, amount]) => amount !== undefined))
}

function amountOf(text: string | undefined): number | 'never' | undefined {
  if (text === undefined || text === 'none') return undefined
  if (text === 'never') return text
  return text.trim() === '' ? Number.NaN : Number(text)
}
