import { z } from 'zod'
import { inRanges, type Ranges, toRanges } from './ranges.ts'

/**
 * The parts of what an attempt leaves when it ends:
 * - `main`: the end of what its commands printed; the pieces before it, if any, lie in the attempt's own folder
 * - `input`, `output`: what was staged before and after the commands, and how long it took
 * - `fault`: why the commands could not run, or why their files could not be stored
 * - `usage`: what they used, see `storedUsageSchema`
 */
export const logParts = ['main', 'input', 'output', 'fault', 'usage'] as const
export type LogPart = (typeof logParts)[number]

/**
 * A pack is one object with the parts of many attempts: this header as JSON, a line feed, and the parts one after the
 * other. Its name tells which jobs are in it, so that a reader lists one small folder and reads one or two headers.
 */
export const packHeaderSchema = z.object({
  parts: z.array(
    z.object({
      job: z.number().int().min(1),
      attempt: z.number().int().min(1),
      part: z.enum(logParts),
      bytes: z.number().int().min(0),
    }),
  ),
})
export type PackHeader = z.infer<typeof packHeaderSchema>

/** File systems allow 255 bytes. */
export const maxPackNameBytes = 200

/** An attempt lies in one pack only, so the jobs and the first one's attempt make a name that no other pack has. */
export function packNameOf(attempts: readonly { readonly job: number; readonly attempt: number }[]): string {
  const [first, ...others] = attempts.toSorted((left, right) => left.job - right.job || left.attempt - right.attempt)
  if (first === undefined) throw new Error('a pack holds an attempt at least')
  const jobs = toRanges(new Set([first, ...others].map(({ job }) => job)))
  return `${jobs.map(textOfRange).join(',')}.${first.attempt}`
}

/** Whether the pack of this name holds an attempt of the job. */
export function packHasJob(name: string, job: number): boolean {
  for (const number of inRanges(jobsOf(name))) if (number === job) return true
  return false
}

const textOfRange = (range: Ranges[number]): string => (typeof range === 'number' ? `${range}` : range.join('-'))

function jobsOf(name: string): Ranges {
  const [jobs = ''] = name.split('.')
  return jobs.split(',').map((text) => {
    const [first = 0, last = first] = text.split('-').map(Number)
    return [first, last] as const
  })
}
