import type { Captured } from '../closure/capture.ts'
import type { CapturedValues, FunctionCall as ModelCall } from '../model/index.ts'
import type { FunctionCall } from './function-call.ts'
import type { JobTask } from './job-task.ts'
import type { Resource } from './resource.ts'
import { filesOfResult, nameOfResult, valueFileOf } from './result.ts'
import { resultPaths } from './result-paths.ts'
import { SharedTexts } from './shared-texts.ts'

/** The calls of a job. */
export function functionTask(calls: readonly FunctionCall[]): JobTask {
  const texts = new SharedTexts()
  const captured = calls.map((call) => ({
    function: shareTexts(call.function, texts),
    arguments: shareTexts(call.arguments, texts),
  }))
  const kept = calls.map(({ result }) => [valueFileOf(result), nameOfResult(result)] as const)
  return {
    hasWork: calls.length > 0,
    mentioned: new Set(
      calls.flatMap(({ mentioned, result }) => [...mentioned.resources, ...filesOfResult(result).values()]),
    ),
    texts: texts.byName,
    kept: new Map(kept),
    toTask(pathOf) {
      if (calls.length === 0) return { kind: 'barrier' }
      return { kind: 'functions', calls: calls.map((call, index) => toCall(call, captured[index], pathOf)) }
    },
  }
}

function shareTexts({ code, values }: Captured, texts: SharedTexts): CapturedValues {
  const shared = texts.addIfLong(values, '.json')
  return code === undefined ? { values: shared } : { code: texts.add(code, '.mjs'), values: shared }
}

function toCall(
  call: FunctionCall,
  captured: Pick<ModelCall, 'function' | 'arguments'> | undefined,
  pathOf: (resource: Resource) => string,
): ModelCall {
  if (captured === undefined) throw new RangeError('a call without what it captured')
  const files = call.mentioned.files.map(pathOf)
  return { name: call.name, ...captured, files, results: resultPaths(call.result, pathOf) }
}
