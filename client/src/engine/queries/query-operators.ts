import { isBad, isTerminal, type JobState, jobStates } from '../../model/index.ts'
import type { JobSummary } from '../statuses.ts'

export const operators = ['==', '=~', '!~', '!=', '>=', '<=', '=', '>', '<'] as const
export type Operator = (typeof operators)[number]

type Read<T> = (job: JobSummary) => T | undefined
type Holds = (job: JobSummary) => boolean

export function compareNumber(read: Read<number>, operator: Operator, text: string): Holds {
  const wanted = Number(text)
  if (text === '' || Number.isNaN(wanted)) throw new Error(`'${text}' is not a number`)
  return ordered(read, operator, wanted)
}

export function compareTime(read: Read<Date>, operator: Operator, text: string): Holds {
  const wanted = Date.parse(text)
  if (Number.isNaN(wanted)) throw new Error(`'${text}' is not a time: write it as in 2026-11-23T14:30:00Z`)
  return ordered((job) => read(job)?.getTime(), operator, wanted)
}

/** What is not known matches nothing, not even `!=`. */
function ordered(read: Read<number>, operator: Operator, wanted: number): Holds {
  const compare = orders[operator]
  if (compare === undefined) throw new Error(`'${operator}' is for text: use = != > >= < or <=`)
  return (job) => {
    const value = read(job)
    return value !== undefined && compare(value, wanted)
  }
}

const orders: Partial<Record<Operator, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
}

/** An attribute that is not there is different from every text and contains none. */
export function compareText(read: Read<string>, operator: Operator, wanted: string): Holds {
  switch (operator) {
    case '=':
    case '==':
      return (job) => read(job) === wanted
    case '!=':
      return (job) => read(job) !== wanted
    case '=~':
      return (job) => read(job)?.includes(wanted) === true
    case '!~':
      return (job) => read(job)?.includes(wanted) !== true
    case '>':
    case '>=':
    case '<':
    case '<=':
      throw new Error(`'${operator}' is for numbers and times: use = != =~ or !~`)
    default:
      return operator satisfies never
  }
}

export function compareState(operator: Operator, wanted: string): Holds {
  if (operator !== '=' && operator !== '==' && operator !== '!=') throw new Error('a state is compared by = or !=')
  const isWanted = statesOf(wanted)
  return (job) => isWanted(job.state) === (operator !== '!=')
}

/** The states that a word stands for. @throws Error if it stands for none */
export function statesOf(word: string): (state: JobState) => boolean {
  switch (word.toLowerCase()) {
    case 'live':
      return (state) => !isTerminal(state)
    case 'done':
      return isTerminal
    case 'bad':
      return isBad
  }
  const wanted = jobStates.find((state) => state.toLowerCase() === word.toLowerCase())
  if (wanted === undefined)
    throw new Error(`'${word}' is no state: write one of ${jobStates.join(', ')}, live, done or bad`)
  return (state) => state === wanted
}
