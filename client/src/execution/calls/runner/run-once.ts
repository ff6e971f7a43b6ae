import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs'
import type { CallRequest, CallsEnd } from '../call-messages.ts'
import { CodeModules } from './code-modules.ts'
import { endFileOf } from './end-file.ts'
import { followCalls } from './follow-calls.ts'
import { replaceStandardOutputs } from './sync-output.ts'

/** What is still under way when the functions have returned ends with this process. */
export async function runOnce(path: string): Promise<never> {
  replaceStandardOutputs(joinOutputs())
  if (process.pid === 1) heedSigterm()
  // Written by the agent that has started this process.
  const request: CallRequest<{ kind: 'functions'; calls: [] }> = JSON.parse(readFileSync(path, 'utf8'))
  const exitCode = await followCalls(request, new CodeModules(), (message) => {
    const end: CallsEnd = { kind: 'failed', message }
    writeFileSync(endFileOf(path), JSON.stringify(end))
  })
  process.exit(exitCode)
}

/** The first process of a container ignores what it does not handle; the functions may handle it themselves. */
function heedSigterm(): void {
  process.on('SIGTERM', () => {
    if (process.listenerCount('SIGTERM') === 1) process.exit(143)
  })
}

/**
 * Makes both outputs go one way, so that what is printed stays in the order in which it was printed, also by children.
 * Returns the file descriptor for errors. Where the pipe may not be opened again, children have a way of their own.
 */
function joinOutputs(): number {
  const output = '/proc/self/fd/1'
  try {
    closeSync(openSync(output, constants.O_WRONLY))
  } catch {
    return 1
  }
  closeSync(2)
  return openSync(output, constants.O_WRONLY)
}
