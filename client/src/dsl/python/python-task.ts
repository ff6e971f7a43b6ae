import type { PythonCall as ModelCall } from '../../model/index.ts'
import type { JobTask } from '../job-task.ts'
import type { Resource } from '../resource.ts'
import { filesOfResult } from '../result.ts'
import { resultPaths } from '../result-paths.ts'
import { SharedTexts } from '../shared-texts.ts'
import type { PythonCall } from './python-call.ts'

/** The calls of a job. */
export function pythonTask(calls: readonly PythonCall[]): JobTask {
  const texts = new SharedTexts()
  const stored = calls.map((call) => storeCall(call, texts))
  return {
    hasWork: calls.length > 0,
    mentioned: new Set(
      calls.flatMap(({ mentioned, result }) => [...mentioned.resources, ...filesOfResult(result).values()]),
    ),
    texts: texts.byName,
    kept: new Map(),
    toTask(pathOf) {
      if (calls.length === 0) return { kind: 'barrier' }
      return { kind: 'python', calls: stored.map((call) => call(pathOf)) }
    },
  }
}

/** Its texts are stored at once, its places filled in when they are known. */
function storeCall(call: PythonCall, texts: SharedTexts): (pathOf: (resource: Resource) => string) => ModelCall {
  const { name, file, text } = call.source
  const source = texts.add(text, '.py')
  const passed = texts.addIfLong(call.arguments, '.json')
  return (pathOf) => ({
    name,
    file,
    source,
    arguments: passed,
    files: call.mentioned.files.map(pathOf),
    results: resultPaths(call.result, pathOf),
  })
}
