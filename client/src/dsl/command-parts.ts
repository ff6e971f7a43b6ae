import { Job } from './job.ts'
import { invalidJob, type JobDraft } from './job-draft.ts'
import { isOutProxy } from './out-proxy.ts'
import { Raw, textOfRaw } from './raw.ts'
import type { Resource } from './resource.ts'
import { isResourceFile } from './resource-file.ts'
import { ResourceGroup } from './resource-group.ts'
import { Result } from './result.ts'
import { withoutEscapes } from './template-text.ts'
import type { Misplaced, TokenTable } from './token.ts'

/** A part of a command: the user's own script, or a value with the resources that its text mentions. */
export type CommandPart =
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'value'; readonly items: readonly (string | Resource)[] }
  | { readonly kind: 'resource'; readonly resource: Resource }

/** Where a command is written, and what its texts may mention. */
export interface CommandScope {
  readonly draft: JobDraft
  readonly tokens: TokenTable<Resource>
}

/** The parts of a command in the order in which they are written. @throws InvalidBatchError */
export function* partsOfCommand(
  scope: CommandScope,
  script: string | TemplateStringsArray,
  values: readonly unknown[],
): Generator<CommandPart> {
  if (typeof script === 'string') return yield* partsOfScript(scope, script)
  for (const [index, text] of script.raw.entries()) {
    yield* partsOfScript(scope, withoutEscapes(text))
    if (index < values.length) yield* partsOfValue(scope, values[index], index + 1)
  }
}

function* partsOfScript(scope: CommandScope, text: string): Generator<CommandPart> {
  for (const item of resolveTokens(scope, text)) {
    yield typeof item === 'string' ? { kind: 'script', text: item } : { kind: 'resource', resource: item }
  }
}

function* partsOfValue(scope: CommandScope, value: unknown, place: number): Generator<CommandPart> {
  if (!Array.isArray(value)) return yield* partsOfItem(scope, value, place)
  for (const [index, item] of value.entries()) {
    if (index > 0) yield { kind: 'script', text: ' ' }
    yield* partsOfItem(scope, item, place)
  }
}

function* partsOfItem(scope: CommandScope, value: unknown, place: number): Generator<CommandPart> {
  if (value instanceof Raw) yield* partsOfScript(scope, textOfRaw(value))
  else if (isResourceFile(value) || value instanceof ResourceGroup) yield { kind: 'resource', resource: value }
  else yield { kind: 'value', items: [...resolveTokens(scope, textOfPlain(scope, value, place))] }
}

function textOfPlain({ draft }: CommandScope, value: unknown, place: number): string {
  const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  if (!isPlain)
    throw invalidJob(draft, `has ${describeStranger(value)} as value ${place} of its command; ${remedy(value)}.`)
  const text = String(value)
  if (text.includes('\0'))
    throw invalidJob(draft, `has a NUL character in value ${place} of its command; no program can get it.`)
  if (!text.isWellFormed())
    throw invalidJob(
      draft,
      `has half a character (a lone surrogate) in value ${place} of its command; repair the text.`,
    )
  return text
}

function describeStranger(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (isOutProxy(value)) return 'all of job.out'
  if (value instanceof Job) return 'a job'
  if (value instanceof Result) return 'a result'
  if (Array.isArray(value)) return 'an array in an array'
  return `${typeof value === 'object' ? `an object (${value.constructor?.name ?? 'Object'})` : `a ${typeof value}`}`
}

function remedy(value: unknown): string {
  if (isOutProxy(value)) return 'name one file, such as job.out.name'
  if (value instanceof Job) return remedyFor('job')
  if (value instanceof Result) return remedyFor('result')
  if (value instanceof Promise) return 'await it first'
  return 'write a text, a number, a boolean, a file, a group or an array of them'
}

const remedyFor = (what: Misplaced): string =>
  what === 'result'
    ? 'write a file of it: asJson(), asStr() or asRepr()'
    : 'write one of its files, such as job.out.name'

/** The text, with the resources whose tokens it holds. @throws InvalidBatchError */
function* resolveTokens({ draft, tokens }: CommandScope, text: string): Generator<string | Resource> {
  if (text === '') yield ''
  for (const part of tokens.partsOf(text)) {
    switch (part.kind) {
      case 'text':
        yield part.text
        break
      case 'resource':
        yield part.resource
        break
      case 'misplaced':
        throw invalidJob(draft, `has a ${part.what} in its command; ${remedyFor(part.what)}.`)
      case 'foreign':
        throw invalidJob(
          draft,
          `has ${part.token} in its command, a file of another ${part.isOfThisProcess ? 'batch' : 'program'}; ` +
            'read it with readInput.',
        )
      default:
        part satisfies never
    }
  }
}
