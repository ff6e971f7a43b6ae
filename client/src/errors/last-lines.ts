const shownLines = 10

/** The end of a log, indented below a message: enough to see what went wrong without asking again. */
export function lastLines(log: string): string {
  const lines = log.trimEnd().split('\n').slice(-shownLines)
  return log.trim() === '' ? '' : `\n${lines.map((line) => `    ${line}`).join('\n')}`
}
