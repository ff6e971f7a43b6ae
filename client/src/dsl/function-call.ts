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
export interface FunctionCall {
  readonly name: string
  readonly function: Captured
  readonly arguments: Captured
  readonly mentioned: MentionedFiles
  readonly result: FunctionResult<unknown>
}

const maxNameLength = 100

/** @throws UnserializableFunctionError, InvalidBatchError */
export function prepareCall(draft: JobDraft, fn: unknown, args: readonly unknown[]): Omit<FunctionCall, 'result'> {
  if (typeof fn !== 'function')
    throw invalidJob(draft, `calls ${describe(fn)}; pass a function: job.call((x: number) => x + 1, 2).`)
  const name = (fn.name || 'anonymous').slice(0, maxNameLength)
  const mentioned = new MentionedFiles(draft)
  const label = `the function '${name}'`
  return {
    name,
    function: capture(fn, { job: draft.name, label, isResource }),
    arguments: capture(args, {
      job: draft.name,
      label: `the arguments of '${name}'`,
      isResource,
      extend: (value) => extendArgument(draft, mentioned, value),
    }),
    mentioned,
  }
}

/** Captured by a closure, these would not tell the batch what the job reads. */
const isResource = (value: object): boolean => value instanceof Resource || value instanceof Job || isOutProxy(value)

function extendArgument(draft: JobDraft, mentioned: MentionedFiles, value: object): Extension | undefined {
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
