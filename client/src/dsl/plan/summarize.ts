import { labelOf, type PlannedJob } from './planned-job.ts'
import { counted, gibibytes, thousands } from './wording.ts'
import { writtenFiles } from './written-files.ts'

/** What a batch comes to as a whole, one line for each thing worth knowing. */
export function summarize(jobs: readonly PlannedJob[], common: ReadonlySet<string>): string[] {
  const rows = [
    ['kinds', countKinds(jobs)],
    ['ask for', sumResources(jobs)],
    ['files', countFiles(jobs)],
    ['longest path', describeLongestPath(jobs)],
    ['every job', [...common].join(', ')],
  ] as const
  return rows.flatMap(([title, text]) => (text === '' ? [] : [`  ${title.padEnd(13)} ${text}`]))
}

function countKinds(jobs: readonly PlannedJob[]): string {
  const kinds = Map.groupBy(jobs, ({ job }) => job.detail.task.kind)
  return [...kinds].map(([kind, alike]) => `${thousands(alike.length)} ${kind}`).join(', ')
}

/** A barrier needs no machine. */
function sumResources(jobs: readonly PlannedJob[]): string {
  const templates = jobs.flatMap(({ job }) => (job.detail.task.kind === 'barrier' ? [] : [job.template]))
  const [whole, shared] = [true, false].map((isWhole) =>
    templates.filter(({ machineType }) => (machineType !== undefined) === isWhole),
  )
  const sum = (amount: (template: (typeof templates)[number]) => number, of = templates) =>
    of.reduce((total, template) => total + amount(template), 0)
  const storage = sum(({ storageBytes }) => storageBytes)
  const texts = [
    shared?.length ? `${thousands(sum(({ cpuMillis }) => cpuMillis, shared) / 1000)} cpu` : '',
    shared?.length ? `${gibibytes(sum(({ memoryBytes }) => memoryBytes, shared))} of memory` : '',
    whole?.length ? counted(whole.length, 'whole machine') : '',
    storage > 0 ? `${gibibytes(storage)} of storage` : '',
  ].filter((text) => text !== '')
  return texts.length === 0 ? '' : `${texts.join(', ')} in all`
}

function countFiles(jobs: readonly PlannedJob[]): string {
  const inputs = new Set<string>()
  let outputs = 0
  for (const { job } of jobs) {
    for (const input of job.detail.inputs) if (input.kind === 'object') inputs.add(input.uri)
    outputs += writtenFiles(job).length
  }
  return [
    inputs.size === 0 ? '' : `${counted(inputs.size, 'input')} read`,
    outputs === 0 ? '' : `${counted(outputs, 'output')} written`,
  ]
    .filter((text) => text !== '')
    .join(', ')
}

const shownEnds = 3

function describeLongestPath(jobs: readonly PlannedJob[]): string {
  const names = longestPath(jobs).map(labelOf)
  if (names.length < 2) return ''
  const shown = names.length <= 2 * shownEnds ? names : [...names.slice(0, shownEnds), '…', ...names.slice(-shownEnds)]
  return `${counted(names.length, 'job')}: ${shown.join(' → ')}`
}

/** One of the longest: from a job of the highest layer, each time to a parent one layer below. */
function longestPath(jobs: readonly PlannedJob[]): PlannedJob[] {
  let next = jobs.reduce<PlannedJob | undefined>(
    (deepest, job) => (deepest === undefined || job.layer > deepest.layer ? job : deepest),
    undefined,
  )
  const path: PlannedJob[] = []
  while (next !== undefined) {
    path.push(next)
    const { layer, parents }: PlannedJob = next
    const parent = parents.find((number) => jobs[number - 1]?.layer === layer - 1)
    next = parent === undefined ? undefined : jobs[parent - 1]
  }
  return path.reverse()
}
