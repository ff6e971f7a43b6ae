import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { FunctionCall } from '../../../model/index.ts'
import { CallFault } from './call-fault.ts'
import type { CodeModules } from './code-modules.ts'
import { describeThrown } from './describe-thrown.ts'
import { runCall } from './run-call.ts'

export interface FunctionsRequest {
  readonly root: string
  readonly calls: readonly FunctionCall[]
  readonly elsewhere?: Readonly<Record<string, string>> | undefined
}

/**
 * Runs the calls one after the other, and prints what ends them early. Returns the exit code; but what cannot be
 * caught ends this process at once.
 * @param report takes the sentence that becomes the job's reason
 */
export async function followCalls(
  { root, calls, elsewhere = {} }: FunctionsRequest,
  modules: CodeModules,
  report: (message: string) => void,
): Promise<number> {
  const current = { name: '' }
  const fail = (thrown: unknown): void => {
    const { message, text } = describeThrown(thrown, current.name)
    process.stderr.write(`${text}\n`)
    report(message)
  }
  const stopWatching = watchFaults(current, fail)
  try {
    for (const call of calls) {
      current.name = call.name
      await runCall(call, { root, elsewhere }, modules)
    }
    // A rejection that nobody handles shows itself when a turn of the loop ends.
    await nextTurn()
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    fail(thrown)
    return 1
  } finally {
    stopWatching()
  }
}

function watchFaults(current: { readonly name: string }, fail: (thrown: unknown) => void): () => void {
  const onUncaught = (thrown: unknown) => {
    // Functions may handle it themselves.
    if (process.listenerCount('uncaughtException') > 0) return
    fail(thrown)
    process.exit(1)
  }
  const onNothingLeft = () => {
    fail(new CallFault(neverSettles(current.name)))
    process.exit(1)
  }
  process.on('uncaughtExceptionMonitor', onUncaught)
  process.on('beforeExit', onNothingLeft)
  return () => {
    process.off('uncaughtExceptionMonitor', onUncaught)
    process.off('beforeExit', onNothingLeft)
  }
}

const neverSettles = (name: string) =>
  `The function ${inspect(name)} returned a promise that never settles: nothing that it could wait for is under way.`
