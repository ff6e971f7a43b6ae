import { inspect, types } from 'node:util'
import { CallFault } from './call-fault.ts'

export interface Failure {
  /** One line: the reason of the job. */
  readonly message: string
  /** All that there is to show: stack, causes, members. */
  readonly text: string
}

const maxMessageLength = 2000

/** @param name of the function that has thrown it */
export function describeThrown(thrown: unknown, name: string): Failure {
  // Looking at it would run what its program has put behind it.
  if (types.isProxy(thrown)) return unshowable(name)
  if (thrown instanceof CallFault) return { message: thrown.message, text: thrown.message }
  try {
    const text = cutFrames(inspect(thrown))
    const line = types.isNativeError(thrown) ? lineOf(thrown) : `The function '${name}' threw ${firstLine(text)}.`
    return { message: line.slice(0, maxMessageLength), text }
  } catch {
    return unshowable(name)
  }
}

function unshowable(name: string): Failure {
  const message = `The function '${name}' threw something that cannot be shown.`
  return { message, text: message }
}

function lineOf({ name, message }: Error): string {
  return firstLine(message === '' ? String(name) : `${name}: ${message}`)
}

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0] ?? ''

const isFrame = (line: string): boolean => /^\s+(at |\.\.\. \d+ lines matching )/.test(line)

const isOfRunner = (line: string): boolean => line.includes(__filename)

/** Ends each stack at the user's outermost frame: what follows is this program, and what it stands on. */
export function cutFrames(text: string, isOwn = isOfRunner): string {
  const kept: string[] = []
  let isCut = false
  for (const line of text.split('\n')) {
    isCut = isFrame(line) && (isCut || isOwn(line))
    if (isCut) dropInternals(kept, line)
    else kept.push(line)
  }
  return kept.join('\n')
}

/** A stack may go on in the line that closes it, with a brace: `at main (file) {`. */
function dropInternals(kept: string[], cut: string): void {
  while (/^\s+at .*\bnode:internal\//.test(kept.at(-1) ?? '')) kept.pop()
  if (cut.endsWith('{')) kept.push(`${kept.pop() ?? ''} {`)
}
