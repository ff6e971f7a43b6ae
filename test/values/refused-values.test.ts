import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { encodeValue } from '../../client/src/values/encode-value.ts'
import { UnencodableError } from '../../client/src/values/unencodable-error.ts'

class Point {
  x = 1
}

function refusal(value: unknown): string {
  try {
    encodeValue(value)
  } catch (error) {
    if (error instanceof UnencodableError) return `${error.path}: ${error.problem}`
    throw error
  }
  return 'not refused'
}

const read = {
  get now() {
    return 1
  },
}
const hidden = Object.defineProperty({}, 'secret', { value: 1 })
const readOnly = Object.defineProperty({}, 'a', { value: 1, enumerable: true, configurable: true })
const kept = Object.defineProperty({}, 'a', { value: 1, enumerable: true, writable: true })

describe('a value that would not come back as it was is refused with its path', () => {
  test.each([
    [{ a: [() => 1] }, '.a[0]: is a function'],
    [[async function load() {}], '[0]: is an async function (load)'],
    [{ a: Symbol('s') }, '.a: is the symbol Symbol(s)'],
    [{ [Symbol('s')]: 1 }, ': has the symbol Symbol(s) as a key'],
    [{ a: read }, ".a: has the getter or setter 'now'"],
    [{ a: hidden }, ".a: has the hidden (non-enumerable) property 'secret'"],
    [readOnly, ": has the read-only property 'a'"],
    [kept, ": has the property 'a', which cannot be deleted"],
    [new Point(), ': is an instance of the class Point'],
    [Object.create({ a: 1 }), ': is an object with a prototype of its own'],
    [{ 'odd key': Promise.resolve() }, '["odd key"]: is a Promise, which only this process can await'],
    [new Map([['k', new WeakMap()]]), '.get("k"): is a WeakMap, whose content cannot be listed'],
    [new Set([new WeakSet()]), '.item(0): is a WeakSet, whose content cannot be listed'],
    [new WeakRef({}), ': is a WeakRef'],
    [new Proxy({}, {}), ': is a Proxy'],
    [createServer(), ': is an instance of the class Server'],
    [process.stdout, `: is a stream or a socket (${process.stdout.constructor.name})`],
    [new SharedArrayBuffer(1), ': is a SharedArrayBuffer, which only one process can share'],
    [new Uint8Array(new SharedArrayBuffer(1)), ': shares its memory with other threads (SharedArrayBuffer)'],
    [new ArrayBuffer(1, { maxByteLength: 2 }), ': has memory that can be resized'],
    [Object.assign([1], { note: 1 }), ": is an array with the property 'note' beside its items"],
    [Object.assign(new Date(), { note: 1 }), ": has the property 'note' of its own"],
    [[1][Symbol.iterator](), ': is an object with a prototype of its own'],
    [new Map()[Symbol.iterator](), ': is an iterator'],
    [(function* () {})(), ': is a running generator'],
    [Object(Symbol('s')), ': is a boxed symbol'],
    [new (class Failure extends Error {})(), ': is an instance of the class Failure'],
  ])('%#: %s', (value, message) => {
    expect(refusal(value)).toBe(message)
  })

  test('and the middle of a long path is left out', () => {
    let list: unknown = () => 1
    for (let depth = 0; depth < 1000; depth++) list = { next: list }
    expect(refusal(list)).toMatch(/^\.next(\.next)+ … (\.next)+: is a function/)
  })
})
