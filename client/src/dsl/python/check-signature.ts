import { nearestHint } from '../nearest-name.ts'
import type { Signature } from './source-facts.ts'

/** The arguments of a call, as far as a signature has a say. */
export interface PassedArguments {
  readonly positional: number
  readonly keywords: readonly string[]
}

/** What is wrong with the arguments, to follow the words "calls f(…) ", or `undefined`. */
export function problemOfArguments(signature: Signature, passed: PassedArguments): string | undefined {
  return (
    problemOfSurplus(signature, passed) ??
    passed.keywords.map((name) => problemOfKeyword(signature, name, passed)).find((problem) => problem !== undefined) ??
    problemOfMissing(signature, passed)
  )
}

function problemOfSurplus({ positional, rest }: Signature, passed: PassedArguments): string | undefined {
  if (rest !== null || passed.positional <= positional.length) return undefined
  const takes = positional.length === 0 ? 'none' : String(positional.length)
  return `with ${passed.positional} arguments by position, of which it takes ${takes}; leave some out, or use kwargs({ … }).`
}

function problemOfKeyword(signature: Signature, name: string, passed: PassedArguments): string | undefined {
  const place = signature.positional.findIndex((parameter) => parameter.name === name)
  const parameter = signature.positional[place]
  if (parameter?.byKeyword === true)
    return place < passed.positional ? `with '${name}' by position and by keyword; pass it once.` : undefined
  if (signature.keywordOnly.some((only) => only.name === name) || signature.keywords !== null) return undefined
  if (parameter !== undefined)
    return `with '${name}' by keyword, which it takes by position only; pass it before kwargs.`
  const names = [...signature.positional.filter(({ byKeyword }) => byKeyword), ...signature.keywordOnly]
  return `with the keyword '${name}', which it does not have${nearestHint(
    name,
    names.map((known) => known.name),
  )}`
}

function problemOfMissing({ positional, keywordOnly }: Signature, passed: PassedArguments): string | undefined {
  const isPassed = (name: string, byKeyword: boolean) => byKeyword && passed.keywords.includes(name)
  const missing = [
    ...positional.slice(passed.positional).filter((parameter) => !isPassed(parameter.name, parameter.byKeyword)),
    ...keywordOnly.filter(({ name }) => !isPassed(name, true)),
  ].filter(({ isRequired }) => isRequired)
  if (missing.length === 0) return undefined
  return `without ${missing.map(({ name }) => `'${name}'`).join(', ')}; pass ${missing.length === 1 ? 'it' : 'them'}.`
}

/** The parameters as Python writes them, without their defaults. */
export function showSignature({ positional, keywordOnly, rest, keywords }: Signature): string {
  const show = ({ name, isRequired }: { name: string; isRequired: boolean }) => (isRequired ? name : `${name}=…`)
  const before = positional.filter(({ byKeyword }) => !byKeyword)
  const parts = [
    ...before.map(show),
    ...(before.length === 0 ? [] : ['/']),
    ...positional.filter(({ byKeyword }) => byKeyword).map(show),
    ...(rest === null ? [] : [`*${rest}`]),
    ...(rest === null && keywordOnly.length > 0 ? ['*'] : []),
    ...keywordOnly.map(show),
    ...(keywords === null ? [] : [`**${keywords}`]),
  ]
  return `(${parts.join(', ')})`
}
