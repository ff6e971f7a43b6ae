import { renderScript, type Task } from '../../model/index.ts'
import { labelOf, type PlannedJob } from './planned-job.ts'

/** Jobs that are told as one: the first stands for all. */
export interface Fold {
  readonly first: PlannedJob
  readonly last: PlannedJob
  readonly jobs: readonly PlannedJob[]
}

const foldOf = (jobs: readonly PlannedJob[]): Fold[] => {
  const [first] = jobs
  const last = jobs.at(-1)
  return first === undefined || last === undefined ? [] : [{ first, last, jobs }]
}

export const unfolded = (jobs: readonly PlannedJob[]): Fold[] => jobs.flatMap((job) => foldOf([job]))

/** So many alike are told one by one. */
const fewAlike = 3

/** Folds jobs of one layer that ask for the same, begin their commands with the same words and have like names. */
export function foldAlike(jobs: readonly PlannedJob[]): Fold[] {
  const groups = Map.groupBy(jobs, likenessOf)
  return [...groups.values()]
    .flatMap((group) => (group.length > fewAlike ? foldOf(group) : unfolded(group)))
    .sort((left, right) => left.first.number - right.first.number)
}

const likenessOf = ({ job: { name, template, detail }, layer }: PlannedJob): string =>
  JSON.stringify([layer, template, detail.task.kind, beginningsOf(detail.task), namePattern(name)])

/** Names that are told apart by their numbers are alike, and so are those that have none. */
const namePattern = (name = ''): string => (/\d/.test(name) ? name.replaceAll(/\d+/g, '0') : '')

/** The first word of each line, and the name of each function. */
function beginningsOf(task: Task): string[] {
  switch (task.kind) {
    case 'barrier':
      return []
    case 'bash':
      return renderScript(task.script, () => '')
        .split('\n')
        .map((line) => /\S+/.exec(line)?.[0] ?? '')
    case 'functions':
    case 'python':
      return task.calls.map(({ name }) => name)
    default:
      return task satisfies never
  }
}

/** `count-0 … count-499`, or the one name. */
export const namesOf = ({ first, last, jobs }: Fold): string =>
  jobs.length === 1 ? labelOf(first) : `${labelOf(first)} … ${labelOf(last)}`
