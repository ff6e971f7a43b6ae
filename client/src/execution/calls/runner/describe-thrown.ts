import { inspect, types } from 'node:util'
import { CallFault } from './call-fault.ts'
import { cutFrames } from './cut-frames.ts'

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
    const text = cutFrames(inspect(thrown), __filename)
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
