import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import type { FunctionCall, ResultPaths } from '../../../model/index.ts'
import { encodeValue } from '../../../values/encode-value.ts'
import { UnencodableError } from '../../../values/unencodable-error.ts'
import { CallFault } from './call-fault.ts'
import { JsonProblem, toJsonText } from './to-json-text.ts'

type Form = keyof ResultPaths

/** Leaves the result in the forms that somebody asked for. */
export function writeResults(value: unknown, { name, results }: FunctionCall, root: string): void {
  for (const form of ['value', 'json', 'text', 'repr'] as const) {
    const path = results[form]
    if (path === undefined) continue
    const text = textOf(value, form, name)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function textOf(value: unknown, form: Form, name: string): string {
  try {
    return toText(value, form)
  } catch (error) {
    if (error instanceof CallFault) throw error
    throw new CallFault(`The result of '${name}' ${problemOf(error, form)}`, { cause: error })
  }
}

function toText(value: unknown, form: Form): string {
  switch (form) {
    case 'value':
      return encodeValue(value)
    case 'json':
      return `${toJsonText(value)}\n`
    case 'text':
      return `${String(value)}\n`
    case 'repr':
      return `${inspect(value, { depth: null, colors: false, maxArrayLength: null, maxStringLength: null })}\n`
    default:
      return form satisfies never
  }
}

function problemOf(error: unknown, form: Form): string {
  if (error instanceof UnencodableError) {
    const place = error.path === '' ? '' : `at ${error.path} `
    return `cannot be passed on: ${place}it ${error.problem}. Return plain data: objects, arrays, maps, sets, dates, buffers.`
  }
  if (error instanceof JsonProblem) return error.message
  return `cannot be written as ${form}: ${error instanceof Error ? error.message : String(error)}`
}
