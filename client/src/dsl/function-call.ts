import { type Captured, capture } from '../closure/capture.ts'
import type { Extension } from '../values/json.ts'
import { type FunctionResult, isFunctionResult } from './function-result.ts'
import { Job } from './job.ts'
import { invalidJob, type JobDraft } from './job-draft.ts'
import { MentionedFiles } from './mentioned-files.ts'
import { isOutProxy } from './out-proxy.ts'
import { Resource } from './resource.ts'
import { isResourceFile } from './resource-file.ts'
import { ResourceGroup } from './resource-group.ts'
import { Result } from './result.ts'

/** A call as data, but for the places of its files. */
export interface PreparedCall {
  readonly name: string
  readonly function: Captured
  readonly arguments: Captured
  readonly mentioned: MentionedFiles
}

export interface FunctionCall extends PreparedCall {
  readonly result: FunctionResult<unknown>
}

/** A function as it was at one moment. */
export interface CapturedFunction {
  readonly name: string
  readonly function: Captured
}

/** Who calls, for messages, and whose files may be passed. */
export type Caller = Pick<JobDraft, 'batch' | 'name' | 'number'>

const maxNameLength = 100

/** @throws UnserializableFunctionError, InvalidBatchError */
export const prepareCall = (caller: Caller, fn: unknown, args: readonly unknown[]): PreparedCall =>
  prepareArguments(caller, captureFunction(caller, fn), args)

/** @throws UnserializableFunctionError, InvalidBatchError */
export function captureFunction(caller: Caller, fn: unknown): CapturedFunction {
  if (typeof fn !== 'function')
    throw invalidJob(caller, `calls ${describe(fn)}; pass a function, such as (x: number) => x + 1.`)
  const name = nameOfFunction(fn)
  return { name, function: capture(fn, { job: caller.name, label: `the function '${name}'`, isResource }) }
}

/** @throws UnserializableFunctionError, InvalidBatchError */
export function prepareArguments(caller: Caller, captured: CapturedFunction, args: readonly unknown[]): PreparedCall {
  const mentioned = new MentionedFiles(caller)
  const label = `the arguments of '${captured.name}'`
  const extend = (value: object) => extendArgument(caller, mentioned, value)
  return { ...captured, arguments: capture(args, { job: caller.name, label, isResource, extend }), mentioned }
}

/** As people know it. */
export const nameOfFunction = (fn: { readonly name: string }): string =>
  (fn.name || 'anonymous').slice(0, maxNameLength)

/** Captured by a closure, these would not tell the batch what the job reads. */
const isResource = (value: object): boolean => value instanceof Resource || value instanceof Job || isOutProxy(value)

function extendArgument(draft: Caller, mentioned: MentionedFiles, value: object): Extension | undefined {
  if (isOutProxy(value)) throw invalidJob(draft, 'passes all of job.out to a function; name one file: job.out.name.')
  if (isResourceFile(value)) return { kind: 'file', data: mentioned.addFile(value) }
  if (value instanceof ResourceGroup) return { kind: 'group', data: mentioned.addGroup(value) }
  if (isFunctionResult(value)) return { kind: 'result', data: mentioned.addResult(value) }
  if (value instanceof Result) throw invalidJob(draft, 'passes a Python result to a function; pass its asJson().')
  if (value instanceof Job) throw invalidJob(draft, 'passes a job to a function; pass one of its files or results.')
  return undefined
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? `an object (${value.constructor?.name ?? 'Object'})` : `a ${typeof value}`
}
