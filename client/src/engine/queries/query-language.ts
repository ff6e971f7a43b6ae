import type { JobSummary } from '../statuses.ts'
import { QueryError } from './query-error.ts'
import { compareNumber, compareState, compareText, compareTime, type Operator, operators } from './query-operators.ts'

type Statement = (job: JobSummary) => boolean

const keyed = /^([\w.-]+|"[^"]*")\s*(==|=~|!~|!=|>=|<=|=|>|<)\s*(.+)$/s

/**
 * Hail's query language, version 2: one statement per line, all of which must hold. A word is looked for in names,
 * attributes and their values, `"word"` is the whole of one; `key op value` compares, with `= == != =~ !~` and, for
 * numbers and times, `> >= < <=`.
 *
 * @throws QueryError naming the line
 */
export function parseQuery(text: string): Statement {
  const lines = text.split('\n').map((line) => line.trim())
  const statements = lines.filter((line) => line !== '').map(parseStatement)
  return (job) => statements.every((holds) => holds(job))
}

function parseStatement(line: string): Statement {
  const [, key, operator, value] = keyed.exec(line) ?? []
  if (key === undefined || value === undefined || !isOperator(operator)) return parseWord(line)
  return parseComparison(unquote(key), operator, unquote(value.trim()), line)
}

const isOperator = (text: string | undefined): text is Operator => operators.some((operator) => operator === text)

const isQuoted = (text: string): boolean => text.length >= 2 && text.startsWith('"') && text.endsWith('"')

const unquote = (text: string): string => (isQuoted(text) ? text.slice(1, -1) : text)

function parseWord(line: string): Statement {
  const word = unquote(line)
  const matches = isQuoted(line) ? (text: string) => text === word : (text: string) => text.includes(word)
  return (job) => wordsOf(job).some(matches)
}

/** A job's name is the attribute `name`, as in Hail. */
function wordsOf(job: JobSummary): string[] {
  const words = Object.entries(job.attributes).flat()
  return job.name === undefined ? words : ['name', job.name, ...words]
}

const numbers: Record<string, (job: JobSummary) => number | undefined> = {
  job_id: (job) => job.id,
  exit_code: (job) => job.exitCode,
  cost: (job) => job.cost,
  duration: (job) => (job.durationMs === undefined ? undefined : job.durationMs / 1000),
}

const times: Record<string, (job: JobSummary) => Date | undefined> = {
  start_time: (job) => job.startedAt,
  end_time: (job) => job.endedAt,
}

const texts: Record<string, (job: JobSummary) => string | undefined> = {
  name: (job) => job.name,
  instance: (job) => job.worker,
}

function parseComparison(key: string, operator: Operator, value: string, line: string): Statement {
  try {
    if (key === 'state') return compareState(operator, value)
    const number = ownOf(numbers, key)
    if (number !== undefined) return compareNumber(number, operator, value)
    const time = ownOf(times, key)
    if (time !== undefined) return compareTime(time, operator, value)
    return compareText(ownOf(texts, key) ?? ((job) => ownOf(job.attributes, key)), operator, value)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new QueryError(`The query '${line}' cannot be understood: ${problem}`, { cause: error })
  }
}

const ownOf = <V>(map: { readonly [key: string]: V }, key: string): V | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined
