import type { JobSpec } from '../../compile/batch-spec.ts'
import { describeCommands } from './describe-commands.ts'
import { describeSettings } from './describe-settings.ts'
import { type Fold, namesOf } from './fold-alike.ts'
import { labelOf, type PlannedJob } from './planned-job.ts'
import { counted, firstLines, ranges, thousands } from './wording.ts'
import { placeOf, writtenFiles } from './written-files.ts'

const shownJobs = 200
const shownFiles = 5
const shownCommandLines = 50
const shownStart = 300
const shownEnd = 100

/** Each job with what it asks for, reads, runs and writes; of like jobs the first, and how many there are besides. */
export function describeJobs(folds: readonly Fold[], common: ReadonlySet<string>): string[] {
  const left = folds.slice(shownJobs).reduce((sum, { jobs }) => sum + jobs.length, 0)
  return [
    ...folds.slice(0, shownJobs).flatMap((fold) => [...describeJob(fold.first, common), ...describeRest(fold)]),
    ...(left === 0 ? [] : [`  … ${counted(left, 'more job')}`]),
  ]
}

function describeJob(planned: PlannedJob, common: ReadonlySet<string>): string[] {
  const { number, parents, job } = planned
  const { inputs } = job.detail
  const asked = describeSettings(job).filter((setting) => !common.has(setting))
  const reads = inputs.flatMap((input) => (input.kind === 'object' ? [`reads ${placeOf(input.uri)}`] : []))
  const writes = writtenFiles(job).map(({ output, place }) => `writes ${output} to ${place}`)
  const lines = [
    ...firstLines(reads, shownFiles, 'input'),
    ...firstLines(dedent(describeCommands(job)).map(clipLine), shownCommandLines, 'line'),
    ...firstLines(writes, shownFiles, 'output'),
  ]
  const waits = parents.length === 0 ? [] : [`after ${ranges(parents)}`]
  const notes = [...waits, ...earlierWaits(job), ...asked]
  return [
    `  ${number}. ${labelOf(planned)}${notes.length === 0 ? '' : `: ${notes.join(', ')}`}`,
    ...lines.map((line) => `       ${line}`),
  ]
}

const earlierWaits = ({ earlierParents }: JobSpec): string[] =>
  earlierParents.length === 0
    ? []
    : [`after ${ranges([...earlierParents].sort((left, right) => left - right))} of an earlier run`]

function describeRest({ first, jobs }: Fold): string[] {
  const [next] = jobs.slice(1)
  const last = jobs.at(-1)
  if (next === undefined || last === undefined) return []
  const rest = { first: next, last, jobs: jobs.slice(1) }
  return [
    `  ${ranges(rest.jobs.map(({ number }) => number))}. ${counted(rest.jobs.length, 'job')} like ${labelOf(first)}: ${namesOf(rest)}`,
  ]
}

/** As it would be written by itself: in a program, a command is indented with what is around it. */
function dedent(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.trim() !== '')
  const shown = lines.slice(Math.max(start, 0))
  const indents = shown.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const least = indents.reduce((smallest, indent) => Math.min(smallest, indent), Number.POSITIVE_INFINITY)
  return shown.map((line) => line.slice(Math.min(least, line.length)))
}

/** Of a long line the end tells as much as the beginning: where its output goes. */
function clipLine(line: string): string {
  if (line.length <= shownStart + shownEnd) return line
  return `${line.slice(0, shownStart)} … ${line.slice(-shownEnd)} (${thousands(line.length)} characters)`
}
