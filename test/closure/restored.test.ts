import { basename } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type CapturedCall, captureCall, resultOf, runElsewhere } from './run-elsewhere.ts'

const factor = 3
const table = new Map([['a', [1, 2]]])
const isEven = (n: number): boolean => n === 0 || isOdd(n - 1)
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1)
}

class Animal {
  static count = 3
  static #secret = { word: 'hush' }
  static readonly first = new Animal('first')
  static {
    Animal.count++
  }
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  static get secret() {
    return Animal.#secret.word
  }
  static async *each(names: Iterable<string>) {
    for (const name of names) yield new Animal(name)
  }
  get loud() {
    return this.name.toUpperCase()
  }
  *[Symbol.iterator]() {
    yield* this.name
  }
}

class Dog extends Animal {
  #tail = 1
  wag() {
    return `${++this.#tail}${super.loud}`
  }
}

function Legacy(this: { x: number }, x: number) {
  this.x = x
}
Legacy.prototype.double = function (this: { x: number }) {
  return 2 * this.x
}

const members = {
  method(a: number) {
    return a + factor
  },
  get getter() {
    return factor * 2
  },
  set setter(value: number) {
    table.set('set', [value])
  },
  async *generate() {
    yield factor
  },
  [('comp' + 'uted') as 'computed']: () => factor,
}

function outer(first: number) {
  const second = first * 2
  {
    const third = second * 2
    return {
      arrow: (x: number) => [x, first, second, third],
      named: function again(n: number): number {
        return n === 0 ? third : again(n - 1)
      },
    }
  }
}

const inner = outer(5)
const turns: (() => number)[] = []
for (let i = 0; i < 3; i++) turns.push(() => i * factor)
for (const letter of ['x', 'yy']) turns.push(() => letter.length)
let assignedBefore = 1
assignedBefore += 1
const useAssigned = () => assignedBefore
let assignedOnce: number
const useAssignedOnce = () => assignedOnce
assignedOnce = 7

const node: { name: string; self?: unknown } = { name: 'node' }
node.self = node
const extended = Object.assign((x: number) => x + extended.extra, { extra: 100 })
const { max } = Math
const frozen = Object.freeze({ list: Object.freeze([1]) })
const rex = new Animal('rex')
const old: unknown = Reflect.construct(Legacy, [4])
const bytes = new Uint8Array([1, 2, 3])

declare const window: unknown

interface Case {
  readonly title: string
  readonly fn: (...args: never[]) => unknown
  readonly args?: readonly unknown[]
  readonly expected: unknown
}

const cases: readonly Case[] = [
  { title: 'a constant', fn: (x: number) => x * factor, args: [2], expected: 6 },
  { title: 'an object, in its state at the capture', fn: () => table.get('a'), expected: [1, 2] },
  { title: 'functions that call each other', fn: () => [isEven(10), isOdd(10)], expected: [true, false] },
  { title: 'a declared function itself', fn: isOdd, args: [7], expected: true },
  {
    title: 'a class with static members, private ones, its children and an iterator',
    fn: () => [Animal.count, Animal.secret, new Dog('rex').wag(), [...new Animal('ab')], Animal.first.loud],
    expected: [4, 'hush', '2REX', ['a', 'b'], 'FIRST'],
  },
  {
    title: 'a static generator',
    fn: async () => (await Array.fromAsync(Animal.each('ab'))).map(({ name }) => name),
    expected: ['a', 'b'],
  },
  { title: 'a class as an argument', fn: (type: typeof Animal) => new type('q').loud, args: [Animal], expected: 'Q' },
  { title: 'an instance', fn: () => [rex.loud, rex instanceof Animal], expected: ['REX', true] },
  {
    title: 'an instance as an argument, of the class that the function knows',
    fn: (animal: Animal) => [animal.loud, animal instanceof Animal],
    args: [rex],
    expected: ['REX', true],
  },
  { title: 'a constructor function', fn: () => (old as { double(): number }).double(), expected: 8 },
  { title: 'a method', fn: members.method, args: [1], expected: 4 },
  {
    title: 'getters and setters of an object',
    fn: () => {
      members.setter = 9
      return [members.getter, table.get('set')]
    },
    expected: [6, [9]],
  },
  { title: 'a computed name', fn: () => members.computed(), expected: 3 },
  { title: 'an async generator', fn: () => Array.fromAsync(members.generate()), expected: [3] },
  { title: 'parameters and locals of outer functions', fn: inner.arrow, args: [1], expected: [1, 5, 10, 20] },
  { title: 'a named function expression', fn: inner.named, args: [2], expected: 20 },
  { title: 'variables of a loop', fn: () => turns.map((turn) => turn()), expected: [0, 3, 6, 1, 2] },
  { title: 'a variable that was assigned before', fn: useAssigned, expected: 2 },
  { title: 'a variable that was assigned once', fn: useAssignedOnce, expected: 7 },
  {
    title: 'cycles',
    fn: () => [node.self === node, Reflect.get(Object(node.self), 'name')],
    expected: [true, 'node'],
  },
  { title: 'properties of a function', fn: extended, args: [1], expected: 101 },
  {
    title: 'its name',
    fn: () => [useAssigned.name, isOdd.name, members.method.name, Dog.name],
    expected: ['useAssigned', 'isOdd', 'method', 'Dog'],
  },
  { title: 'a function of the language', fn: () => max(1, 2), expected: 2 },
  {
    title: 'a function of Node as an argument',
    fn: (parse: typeof Number) => parse('1.5'),
    args: [Number],
    expected: 1.5,
  },
  { title: 'an import of Node', fn: () => [basename('/x/y'), typeof promisify], expected: ['y', 'function'] },
  {
    title: 'what may not be changed',
    fn: () => [Object.isFrozen(frozen), Object.isFrozen(frozen.list)],
    expected: [true, true],
  },
  { title: 'bytes', fn: () => bytes.subarray(1), expected: new Uint8Array([2, 3]) },
  {
    title: 'an undefined `this`',
    fn: function (this: unknown) {
      return this
    },
    expected: undefined,
  },
  {
    title: 'a default, a rest and a pattern',
    fn: ({ a = factor }: { a?: number }, ...rest: number[]) => [a, rest],
    args: [{}, 1, 2],
    expected: [3, [1, 2]],
  },
  {
    title: 'globals of Node',
    fn: () => [Buffer.from('a').toString('hex'), typeof fetch, typeof window],
    expected: ['61', 'function', 'undefined'],
  },
  { title: 'an async function', fn: async (x: number) => (await Promise.resolve(x)) * factor, args: [2], expected: 6 },
]

describe('a function that is restored in another process has', () => {
  const calls: CapturedCall[] = cases.map(({ fn, args = [] }) => captureCall(fn, args))
  const outcomes = runElsewhere(calls)

  test.each(cases.map((one, index) => [one.title, one, outcomes[index]] as const))('%s', (_, { expected }, outcome) => {
    expect(resultOf(outcome)).toEqual(expected)
  })
})

test('the code and the values of a function are the same at each capture', () => {
  const [first, second] = [captureCall(isOdd, [1]), captureCall(isOdd, [2])]
  expect(second.fn).toEqual(first.fn)
})

test('what a captured object holds is taken at each capture', () => {
  const list = [1]
  const sum = () => list.reduce((total, x) => total + x, 0)
  const before = captureCall(sum)
  list.push(2)
  const after = captureCall(sum)
  expect(after.fn.code).toBe(before.fn.code)
  expect(runElsewhere([before, after]).map(resultOf)).toEqual([1, 3])
})

test('many functions and instances need no deep stack and no long time', () => {
  let chain = () => 0
  for (let depth = 0; depth < 2000; depth++) {
    const inner = chain
    chain = () => (depth % 1000 === 0 ? inner() + 1 : inner())
  }
  const animals = new Map(Array.from({ length: 20_000 }, (_, id) => [id, new Animal(`${id}`)]))
  const calls = [captureCall(chain), captureCall(() => animals.get(19_999)?.loud)]
  expect(runElsewhere(calls).map(resultOf)).toEqual([2, '19999'])
})

test('plain data has no code', () => {
  expect(captureCall(isOdd, [{ a: 1 }]).args).toEqual({ code: undefined, values: '[{"a":1}]' })
})

test('an error names the place in the source', () => {
  const fail = (x: number) => {
    if (x > 0) throw new RangeError('too big')
  }
  const [outcome] = runElsewhere([captureCall(fail, [1])])
  expect(outcome?.kind === 'error' ? outcome.stack : '').toMatch(/at fail \(.*restored\.test\.ts:\d+:\d+\)/)
})
