import { types } from 'node:util'
import { isFunctionResult } from '../function-result.ts'
import { Job } from '../job.ts'
import { isOutProxy } from '../out-proxy.ts'
import { Kwargs } from './kwargs.ts'
import { PythonFunction } from './python-function.ts'

/** An object that does not become a value in Python: what it is, and what to pass instead. */
export interface Unpassable {
  readonly what: string
  readonly remedy: string
}

/** Why an object that is no array, bytes, file, group or result of Python cannot be passed, or `undefined`. */
export function findUnpassable(value: object): Unpassable | undefined {
  if (isOutProxy(value)) return { what: 'all of job.out', remedy: 'name one file: job.out.name' }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return describeInstance(value)
  if (Object.getOwnPropertySymbols(value).length === 0) return undefined
  return { what: 'an object with a symbol as a key', remedy: 'make the key a text' }
}

function describeInstance(value: object): Unpassable {
  if (isFunctionResult(value))
    return { what: 'the result of a TypeScript function', remedy: 'pass its asJson(), and read that file in Python' }
  if (value instanceof Job) return { what: 'a job', remedy: 'pass one of its files or results' }
  if (value instanceof Kwargs) return { what: 'kwargs', remedy: 'pass them once, after all other arguments' }
  if (value instanceof PythonFunction) return { what: 'a Python function', remedy: 'call it, and pass its result' }
  const what = `an object of class ${value.constructor?.name || 'without a name'}`
  return { what, remedy: remedyOf(value) }
}

function remedyOf(value: object): string {
  if (value instanceof Date) return 'pass its toISOString() or its getTime()'
  if (value instanceof Map) return 'pass Object.fromEntries(map), or [...map]'
  if (value instanceof Set) return 'pass [...set]'
  if (value instanceof Promise) return 'await it first'
  if (types.isBoxedPrimitive(value)) return 'pass its valueOf()'
  if (value instanceof DataView || types.isAnyArrayBuffer(value)) return 'pass its bytes as a Uint8Array'
  if (ArrayBuffer.isView(value)) return 'pass [...array], or its bytes as a Uint8Array'
  return 'pass a plain object, such as { ...object }'
}
