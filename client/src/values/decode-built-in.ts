import type { DecodedBytes } from './decode-bytes.ts'
import { errorKinds } from './error-kinds.ts'
import type { Json } from './json.ts'
import { mark } from './json.ts'
import { arrayOf, entriesOf, type Node, numberOf, pairsOf, textOf } from './node.ts'

export interface Reader {
  readonly read: (node: Json) => unknown
  readonly bytes: DecodedBytes
}

interface Shell {
  readonly value: unknown
  readonly fill?: () => void
}

/** What a marked node stands for, empty where it has content of its own. */
export function decodeBuiltIn(reader: Reader, node: Node): Shell {
  const make = makers[textOf(node[mark])]
  return make === undefined ? { value: reader.bytes.view(textOf(node[mark]), node) } : make(node, reader)
}

const makers: Readonly<Record<string, (node: Node, reader: Reader) => Shell>> = {
  undefined: () => ({ value: undefined }),
  number: (node) => ({ value: Number(node.value) }),
  bigint: (node) => ({ value: BigInt(textOf(node.value)) }),
  Date: (node) => ({ value: new Date(node.time === null ? Number.NaN : numberOf(node.time)) }),
  URL: (node) => ({ value: new URL(textOf(node.href)) }),
  String: (node) => ({ value: Object(textOf(node.value)) }),
  Number: (node) => ({ value: Object(Number(node.value)) }),
  Boolean: (node) => ({ value: Object(node.value) }),
  BigInt: (node) => ({ value: Object(BigInt(textOf(node.value))) }),
  ArrayBuffer: (node, { bytes }) => ({ value: bytes.buffer(numberOf(node.bytes)) }),
  RegExp: makeRegExp,
  Map: makeMap,
  Set: makeSet,
  Error: makeError,
  sparse: makeSparse,
  object: (node, { read }) => makeObject({}, node, read),
  'null-prototype': (node, { read }) => makeObject(Object.create(null), node, read),
}

function makeRegExp(node: Node): Shell {
  const value = new RegExp(textOf(node.source), textOf(node.flags))
  if (node.lastIndex !== undefined) value.lastIndex = numberOf(node.lastIndex)
  return { value }
}

function makeMap(node: Node, { read }: Reader): Shell {
  const value = new Map<unknown, unknown>()
  const fill = (): void => {
    for (const [key, item] of pairsOf(node.entries)) value.set(read(key), read(item))
  }
  return { value, fill }
}

function makeSet(node: Node, { read }: Reader): Shell {
  const value = new Set<unknown>()
  const fill = (): void => {
    for (const item of arrayOf(node.items)) value.add(read(item))
  }
  return { value, fill }
}

function makeSparse(node: Node, { read }: Reader): Shell {
  const value: unknown[] = []
  value.length = numberOf(node.length)
  const fill = (): void => {
    for (const [index, item] of entriesOf(node.entries)) value[Number(index)] = read(item)
  }
  return { value, fill }
}

function makeObject(value: object, node: Node, read: Reader['read']): Shell {
  const fill = (): void => {
    for (const [key, item] of entriesOf(node.entries)) define(value, key, read(item), true)
  }
  return { value, fill }
}

function makeError(node: Node, { read }: Reader): Shell {
  const kind = errorKinds.find(({ name }) => name === node.kind)
  if (kind === undefined) throw new Error(`this is no text of values: it has an error of the kind ${node.kind}`)
  const value = kind.name === 'AggregateError' ? new AggregateError([]) : new kind.make()
  for (const key of Object.getOwnPropertyNames(value)) Reflect.deleteProperty(value, key)
  const fill = (): void => {
    for (const [key, item] of entriesOf(node.hidden)) define(value, key, read(item), false)
    for (const [key, item] of entriesOf(node.entries)) define(value, key, read(item), true)
  }
  return { value, fill }
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true })
}
