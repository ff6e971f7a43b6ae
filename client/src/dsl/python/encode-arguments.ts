import type { MentionedFiles } from '../mentioned-files.ts'
import { isPythonResult } from '../python-result.ts'
import { isResourceFile } from '../resource-file.ts'
import { ResourceGroup } from '../resource-group.ts'
import { hasToken } from '../token.ts'
import { findUnpassable, type Unpassable } from './unpassable.ts'

export interface PlainArguments {
  readonly args: readonly unknown[]
  readonly kwargs: Readonly<Record<string, unknown>>
}

export interface ArgumentScope {
  readonly mentioned: MentionedFiles
  /** @param place `argument 2[0].name` */
  readonly refuse: (found: Unpassable, place: string) => Error
}

/** Where a value stands: for messages, and to see a value that contains itself. */
interface Place {
  /** `argument 2`, `[0]`, `.name` */
  readonly step: string
  readonly within?: { readonly object: object; readonly place: Place } | undefined
  readonly depth: number
}

type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly [key: string]: Encoded }

/** Half of what Python's reader of JSON can take. */
const maxDepth = 500

/** The arguments as JSON; what that has no word for is an object with one key that begins with `$`. @throws */
export function encodeArguments({ args, kwargs }: PlainArguments, scope: ArgumentScope): string {
  const encodeFirst = (value: unknown, step: string) => encode(value, { step, depth: 0 }, scope)
  return JSON.stringify({
    args: args.map((value, index) => encodeFirst(value, `argument ${index + 1}`)),
    kwargs: tagged(Object.entries(kwargs).map(([name, value]) => [name, encodeFirst(value, `argument '${name}'`)])),
  })
}

function encode(value: unknown, place: Place, scope: ArgumentScope): Encoded {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      if (hasToken(value)) throw refusal(scope, place, 'a text with a file in it', 'pass the file by itself')
      return value
    case 'number':
      return encodeNumber(value)
    case 'bigint':
      return encodeInteger(value)
    case 'object':
      return value === null ? null : encodeObject(value, place, scope)
    case 'undefined':
      throw refusal(scope, place, 'undefined', 'pass null for None, or leave it out')
    case 'function':
      throw refusal(scope, place, 'a function', 'write it in Python, in the source of the one that is called')
    default:
      throw refusal(scope, place, `a ${typeof value}`, 'pass a text')
  }
}

function encodeNumber(value: number): Encoded {
  if (Object.is(value, -0)) return { $float: '-0.0' }
  if (Number.isSafeInteger(value)) return value
  if (Number.isInteger(value)) return encodeInteger(BigInt(value))
  return Number.isFinite(value) ? value : { $float: String(value) }
}

/** Of hexadecimal digits Python reads any number, of decimal ones 4300. */
const encodeInteger = (value: bigint): Encoded => ({ $int: value.toString(16) })

function encodeObject(value: object, place: Place, scope: ArgumentScope): Encoded {
  if (isResourceFile(value)) return { $file: scope.mentioned.addFile(value) }
  if (value instanceof ResourceGroup) return { $group: Object.entries(scope.mentioned.addGroup(value)) }
  if (isPythonResult(value)) return { $result: scope.mentioned.addResult(value) }
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return { $bytes: bytes.toString('base64') }
  }
  return encodeContainer(value, place, scope)
}

function encodeContainer(value: object, place: Place, scope: ArgumentScope): Encoded {
  checkNesting(value, place, scope)
  const below = (step: string): Place => ({ step, within: { object: value, place }, depth: place.depth + 1 })
  if (Array.isArray(value)) return Array.from(value, (item: unknown, index) => encode(item, below(`[${index}]`), scope))
  const problem = findUnpassable(value)
  if (problem !== undefined) throw scope.refuse(problem, nameOf(place))
  return tagged(Object.entries(value).map(([key, item]) => [key, encode(item, below(`.${key}`), scope)]))
}

/** A key of the user's own that begins with `$` must not be taken for a tag. */
const tagged = (entries: readonly (readonly [string, Encoded])[]): Encoded =>
  entries.some(([key]) => key.startsWith('$')) ? { $dict: entries } : Object.fromEntries(entries)

function checkNesting(value: object, place: Place, scope: ArgumentScope): void {
  for (let { within } = place; within !== undefined; within = within.place.within)
    if (within.object === value) throw refusal(scope, place, 'an object that contains itself', 'pass plain data')
  if (place.depth < maxDepth) return
  let outermost = place
  while (outermost.within !== undefined) outermost = outermost.within.place
  throw refusal(scope, outermost, `objects nested deeper than ${maxDepth}`, 'pass flatter data, or a file')
}

const nameOf = ({ step, within }: Place): string => (within === undefined ? step : nameOf(within.place) + step)

const refusal = (scope: ArgumentScope, place: Place, what: string, remedy: string) =>
  scope.refuse({ what, remedy }, nameOf(place))
