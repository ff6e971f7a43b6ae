import { inspect } from 'node:util'
import { invalidJob, type JobDraft } from '../job-draft.ts'
import { MentionedFiles } from '../mentioned-files.ts'
import type { PythonResult } from '../python-result.ts'
import { problemOfArguments, showSignature } from './check-signature.ts'
import { encodeArguments, type PlainArguments } from './encode-arguments.ts'
import { Kwargs, valuesOfKwargs } from './kwargs.ts'
import { PythonFunction, type PythonSource, sourceOfFunction } from './python-function.ts'

/** A call as data, but for the places of its files. */
export interface PythonCall {
  readonly source: PythonSource
  readonly arguments: string
  readonly mentioned: MentionedFiles
  readonly result: PythonResult
}

export interface CallContext {
  readonly draft: JobDraft
  /** With an image, its own Python decides what is good syntax. */
  readonly hasImage: boolean
}

/** @throws InvalidBatchError */
export function prepareCall(
  { draft, hasImage }: CallContext,
  fn: unknown,
  passed: readonly unknown[],
): Omit<PythonCall, 'result'> {
  if (!(fn instanceof PythonFunction))
    throw invalidJob(
      draft,
      `calls ${describe(fn)}; pass pythonFunction('file.py', 'name') or a python\`…\` template` +
        `${typeof fn === 'function' ? ', or call it in a job made by newFunctionJob' : ''}.`,
    )
  const source = sourceOfFunction(fn)
  const plain = partArguments(passed)
  if (!hasImage) checkSyntax(draft, source)
  checkSignature(draft, source, plain)
  const mentioned = new MentionedFiles(draft)
  const text = encodeArguments(plain, {
    mentioned,
    refuse: ({ what, remedy }, place) =>
      invalidJob(draft, `passes ${what} as ${place} of '${source.name}'; ${remedy}.`),
  })
  return { source, arguments: text, mentioned }
}

function partArguments(passed: readonly unknown[]): PlainArguments {
  const last = passed.at(-1)
  return last instanceof Kwargs
    ? { args: passed.slice(0, -1), kwargs: valuesOfKwargs(last) }
    : { args: passed, kwargs: {} }
}

function checkSyntax(draft: JobDraft, { name, file, facts }: PythonSource): void {
  if (facts.kind !== 'syntaxError') return
  const { message, line, text, python } = facts
  throw invalidJob(
    draft,
    `calls '${name}' of ${file}, which Python ${python} cannot read: ${message} in line ${line}${text === '' ? '' : `, '${text}'`}; correct it.`,
  )
}

function checkSignature(draft: JobDraft, { name, facts }: PythonSource, { args, kwargs }: PlainArguments): void {
  const signature = facts.kind === 'parsed' ? facts.signatures[name] : undefined
  if (signature === undefined) return
  const problem = problemOfArguments(signature, { positional: args.length, keywords: Object.keys(kwargs) })
  if (problem !== undefined) throw invalidJob(draft, `calls ${name}${showSignature(signature)} ${problem}`)
}

const describe = (value: unknown): string =>
  typeof value === 'function'
    ? 'a TypeScript function'
    : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY })
