import type { ResultPaths } from '../model/index.ts'
import type { Resource } from './resource.ts'
import { filesOfResult, type Result } from './result.ts'

/** Where a call leaves its result: in each form that somebody asked for. */
export function resultPaths(result: Result, pathOf: (resource: Resource) => string): ResultPaths {
  return Object.fromEntries([...filesOfResult(result)].map(([form, file]) => [form, pathOf(file)]))
}
