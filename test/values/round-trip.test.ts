import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue } from '../../client/src/values/decode-value.ts'
import { encodeValue } from '../../client/src/values/encode-value.ts'

const again = <T>(value: T): T =>
  // The encoding gives back what it was given.
  decodeValue(encodeValue(value)) as T

describe('a value comes back as it was', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['numbers that JSON does not have', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]],
    ['bigints', [0n, -12345678901234567890n]],
    ['lone surrogates', ['\ud800', 'a\udfff', '\u2028']],
    ['dates, also invalid ones', [new Date(5), new Date(Number.NaN)]],
    ['regular expressions', [/a\/b/giu, /x/y]],
    ['maps and sets', new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'x'])]])],
    ['boxed primitives', [Object('ab'), Object(1), Object(-0), Object(false), Object(3n)]],
    ['errors', [new TypeError('a', { cause: new RangeError('b') }), new AggregateError([new Error('c')], 'd')]],
    ['URLs', new URL('http://user@host:1/path?q#h')],
    ['the mark of the encoding itself', { $: 'Date', time: 4, nested: { $: 0 } }],
    ['typed arrays', [new Float64Array([1.5, Number.NaN]), new BigInt64Array([5n]), new Uint8ClampedArray([300])]],
    ['a view of bytes', new DataView(new Uint8Array([1, 2, 3]).buffer, 1)],
  ])('%s', (_, value) => {
    expect(again(value)).toStrictEqual(value)
  })

  test('with holes, and at the cost of its items where most are holes', () => {
    const array = [1, 2, undefined, 3]
    delete array[1]
    expect(again(array)).toStrictEqual(array)
    const wide: unknown[] = []
    wide[1e9] = { a: 1 }
    expect(again(wide).length).toBe(1e9 + 1)
    expect(again(wide)[1e9]).toEqual({ a: 1 })
  })

  test('with a key named __proto__, and without a prototype', () => {
    const value = JSON.parse('{ "a": { "__proto__": { "b": 1 } } }')
    expect(Object.keys(again(value).a)).toEqual(['__proto__'])
    expect(again(value).a.b).toBeUndefined()
    expect(Object.getPrototypeOf(again(Object.assign(Object.create(null), { a: 1 })))).toBeNull()
  })

  test('with shared references and cycles', () => {
    const shared = { name: 'shared' }
    const value: Record<string, unknown> = { left: shared, right: [shared], map: new Map([[shared, shared]]) }
    value.self = value
    const copy = again(value)
    expect(copy.self).toBe(copy)
    expect(copy.left).toBe((copy.right as unknown[])[0])
    expect([...(copy.map as Map<unknown, unknown>)]).toEqual([[copy.left, copy.left]])
    expect(copy.left).not.toBe(shared)
  })

  test('frozen, sealed or closed to new properties', () => {
    const inner = { a: 1 }
    const copy = again([Object.freeze({ inner, again: inner }), Object.seal([1]), Object.preventExtensions({ b: 1 })])
    expect(copy.map(Object.isFrozen)).toEqual([true, false, false])
    expect(copy.map(Object.isSealed)).toEqual([true, true, false])
    expect(copy.map(Object.isExtensible)).toEqual([false, false, false])
    expect(Object.isFrozen(Reflect.get(copy[0] as object, 'inner'))).toBe(false)
  })

  test('with views that share memory', () => {
    const bytes = new Uint8Array([1, 2, 3, 4])
    const [all, part, buffer] = again([bytes, bytes.subarray(1, 3), bytes.buffer] as const)
    expect(all.buffer).toBe(buffer)
    part[0] = 9
    expect([...all]).toEqual([1, 9, 3, 4])
  })

  test('as a Buffer, without the bytes of others that lie in the same pool', () => {
    const [secret, text] = [Buffer.from('secret of another'), Buffer.from('mine')]
    expect(secret.buffer).toBe(text.buffer)
    const encoded = encodeValue([text, text.subarray(1)])
    expect(encoded).not.toContain(secret.toString('base64').slice(0, 8))
    const [whole, part] = decodeValue(encoded) as [Buffer, Buffer]
    expect([`${whole}`, `${part}`, Buffer.isBuffer(whole)]).toEqual(['mine', 'ine', true])
    expect(whole.buffer).toBe(part.buffer)
  })

  test('as an error with the properties that it was given', () => {
    const error = Object.assign(new Error('no file'), { code: 'ENOENT', errno: -2 })
    const copy = again(error)
    expect(copy).toMatchObject({ message: 'no file', code: 'ENOENT', errno: -2, stack: error.stack })
    expect(Object.keys(copy)).toEqual(['code', 'errno'])
    expect('cause' in copy).toBe(false)
  })

  test('at any depth', () => {
    let list: { next: unknown } = { next: null }
    for (let depth = 0; depth < 100_000; depth++) list = { next: list }
    let length = 0
    for (let at: unknown = again(list); at !== null; at = Reflect.get(at as object, 'next')) length++
    expect(length).toBe(100_001)
  })

  test('whatever it is made of', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const text = encodeValue(value)
        expect(decodeValue(text)).toStrictEqual(value)
        expect(encodeValue(decodeValue(text))).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })
})

test('plain data is as long as its JSON', () => {
  const value = [{ a: 1, b: [true, null, 'x'] }, 'y']
  expect(encodeValue(value)).toBe(JSON.stringify(value))
})

test('the same value makes the same text', () => {
  const make = () => ({ a: new Map([[1, { b: new Date(0) }]]), c: Buffer.from('bytes') })
  expect(encodeValue(make())).toBe(encodeValue(make()))
})
