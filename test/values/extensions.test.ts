import { expect, test } from 'vitest'
import { decodeValue } from '../../client/src/values/decode-value.ts'
import { encodeValue } from '../../client/src/values/encode-value.ts'
import type { Extension, Json } from '../../client/src/values/json.ts'

class File {
  readonly path: string
  constructor(path: string) {
    this.path = path
  }
}

const asFile = (value: object): Extension | undefined =>
  value instanceof File ? { kind: 'file', data: value.path } : undefined
const makeFile = ({ data }: Extension) => new File(String(data))

test('what the encoding does not know goes by the caller’s way, and is made once', () => {
  const file = new File('/a')
  const text = encodeValue({ file, again: [file] }, { extend: asFile })
  const copy = decodeValue(text, { extend: makeFile }) as { file: File; again: File[] }
  expect(copy.file).toStrictEqual(file)
  expect(copy.again[0]).toBe(copy.file)
})

test('it is asked with the path of each object', () => {
  const paths: string[] = []
  encodeValue({ a: [{ b: {} }], c: 'text' }, { extend: (_, path) => void paths.push(path) })
  expect(paths).toEqual(['', '.a', '.a[0]', '.a[0].b'])
})

test('an extension has values in it, and cycles through it are closed when it is filled', () => {
  const node: { links: unknown[] } = { links: [] }
  node.links.push(node, new Date(3))
  const text = encodeValue(node, {
    extend: (value, path, encode) =>
      value === node ? { kind: 'node', data: node.links.map((link) => encode(link, `${path}.links`)) } : undefined,
  })
  const copy = decodeValue(text, {
    extend: () => ({ links: [] }),
    fill: ({ data }, value, decode) => {
      // As it was made above.
      ;(value as { links: unknown[] }).links = (data as readonly Json[]).map(decode)
    },
  }) as { links: unknown[] }
  expect(copy.links[0]).toBe(copy)
  expect(copy.links[1]).toEqual(new Date(3))
})

test('a path inside of an extension is the one that the caller gives', () => {
  const extend = (value: object, _: string, encode: (value: unknown, path: string) => Json) =>
    value instanceof File ? { kind: 'file', data: encode(() => 1, 'the reader') } : undefined
  expect(() => encodeValue(new File('/a'), { extend })).toThrow("'the reader' is a function")
})

test('an extension that nobody knows is told', () => {
  const text = encodeValue(new File('/a'), { extend: asFile })
  expect(() => decodeValue(text)).toThrow("nobody here knows the extension 'file' of this text of values")
})

test('an extension that needs itself to be made is told', () => {
  const file = new File('/a')
  const text = encodeValue(file, {
    extend: (value, path, encode) => (value === file ? { kind: 'file', data: encode(file, path) } : undefined),
  })
  expect(() => decodeValue(text, { extend: ({ data }, decode) => decode(data) })).toThrow('needs itself to be made')
})

test('a text that is none is told', () => {
  expect(() => decodeValue('{"$":"Date"}')).toThrow('this is no text of values: a number is missing in it')
})
