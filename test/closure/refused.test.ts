import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { capture } from '../../client/src/closure/capture.ts'
import type { CaptureOptions } from '../../client/src/closure/capture-options.ts'
import { UnserializableFunctionError } from '../../client/src/errors/unserializable-function-error.ts'
import { evaluate, useAssigned, useConstant } from './programs/evaluates.ts'
import { imported, Result } from './programs/results.ts'

function refusal(value: unknown, options: Partial<CaptureOptions> = {}): { variable: string; message: string } {
  try {
    capture(value, { job: 'fit', label: "the function 'f'", ...options })
  } catch (error) {
    if (error instanceof UnserializableFunctionError) return { variable: error.variable, message: error.message }
    throw error
  }
  return { variable: '', message: 'not refused' }
}

/** The part of a message that tells the variable, its problem and the remedy. */
const told = (value: unknown, options?: Partial<CaptureOptions>): string =>
  refusal(value, options)
    .message.replace("Job 'fit' cannot take the function 'f' along: ", '')
    .replace(/line \d+/g, 'line #')

const makeIt = 'make it inside the function, or pass what it is made from as an argument.'
const copyIt = 'copy it into a const, or pass it as an argument.'

class Purse {
  #coins = 1
  spend() {
    return --this.#coins
  }
}
class Table extends Map {}

const config = { database: { socket: new Socket() } }
const useConfig = () => config.database.socket.destroyed
const purse = new Purse()
const table = new Table()
const result = new Result()
const nested = { files: [result] }
const pending = Promise.resolve(1)
const secret = Symbol('secret')
const proxy = new Proxy({}, {})
const iterator = [1][Symbol.iterator]()
const whole = globalThis

describe('a captured value that only this process has', () => {
  test.each([
    ['a socket in an object', useConfig, `\`config.database.socket\` is a stream or a socket (Socket); ${makeIt}`],
    [
      'one that another function uses',
      () => useConfig(),
      `\`config.database.socket\`, which 'useConfig' uses, is a stream or a socket (Socket); ${makeIt}`,
    ],
    ['a Promise', () => pending, `\`pending\` is a Promise, which only this process can await; ${makeIt}`],
    ['a symbol', () => secret, `\`secret\` is the symbol Symbol(secret); ${makeIt}`],
    ['a Proxy', () => proxy, `\`proxy\` is a Proxy; ${makeIt}`],
    ['an iterator', () => iterator, `\`iterator\` is an object with a prototype of its own; ${makeIt}`],
    [
      'private members',
      () => purse,
      `\`purse\` is an instance of the class Purse, which has the private member #coins; ${makeIt}`,
    ],
    [
      'the slots of a built-in',
      () => table,
      `\`table\` is an instance of the class Table, which derives from Map; ${makeIt}`,
    ],
    [
      'the global object',
      () => whole,
      '`whole` is the global object, where the job may not find what this program finds; name the globals that the function uses.',
    ],
  ])('%s', (_, fn, message) => {
    expect(told(fn)).toBe(message)
  })

  test('a resource, at any depth', () => {
    const isResource = (value: object) => value instanceof Result
    expect(told(() => result, { isResource })).toBe(
      '`result` is made by a job or given to the batch; pass it as an argument.',
    )
    expect(refusal(() => nested.files, { isResource }).variable).toBe('nested.files[0]')
    expect(refusal(() => imported, { isResource }).message).toContain('is made by a job or given to the batch')
  })
})

let counter = 0
const count = () => {
  counter += 1
  return counter
}
let reassigned = 1
const useReassigned = () => reassigned
reassigned = 2
let assignedInLoop = 0
const inLoop: (() => number)[] = []
for (const x of [1, 2]) {
  assignedInLoop = x
  inLoop.push(() => assignedInLoop)
}
const turns: (() => number)[] = []
for (let i = 0; i < 3; i++) {
  turns.push(() => i)
  i += 0
}
var outside = 0
for (outside = 0; outside < 2; outside++) turns.push(() => outside)
let unset: number | undefined
const useUnset = () => unset
const setLater = () => {
  unset = 1
}
const inConditions: (() => number)[] = []
for (let i = 0; inConditions.push(() => i) < 2; ) i++
function hoisted() {
  return hoistedValue
}
let hoistedValue = 1
hoistedValue = 2
function parameter(value: number) {
  const use = () => value
  value += 1
  return use
}
const [destructured, useDestructured] = (() => {
  let x: number
  let use = () => 0
  ;[x, use] = [1, () => x]
  return [x, use] as const
})()

describe('a variable that may still change', () => {
  test.each([
    ['assigned by the function itself', count, 'counter'],
    ['assigned later', useReassigned, 'reassigned'],
    ['assigned in a loop around both', inLoop[0], 'assignedInLoop'],
    ['assigned by the body of its loop', turns[0], 'i'],
    ['shared by all turns of a loop', turns.at(-1), 'outside'],
    ['assigned by a function, and not yet', useUnset, 'unset'],
    ['changed after a condition captured it', inConditions[0], 'i'],
    ['assigned before a function that was there from the beginning', hoisted, 'hoistedValue'],
    ['a parameter', parameter(1), 'value'],
  ])('%s', (_, fn, variable) => {
    expect(told(fn)).toBe(`\`${variable}\` is assigned again in line #; ${copyIt}`)
  })

  test('the line is that of the source', () => {
    const { message } = refusal(useReassigned)
    expect(message).toMatch(/line \d+/)
    expect([destructured, told(useDestructured), setLater]).toEqual([1, 'not refused', setLater])
  })

  test('where an eval sees it, unless it is constant', () => {
    expect(told(useAssigned)).toBe(`\`assigned\` may be assigned by the eval in line #; ${copyIt}`)
    expect(told(useConstant)).toBe('not refused')
  })

  test('not initialised yet', () => {
    const early = () => late
    const { message } = refusal(early)
    const late = 1
    expect(message).toContain('`late` is not initialised yet; capture the function after the declaration.')
  })
})

function around(this: unknown, ..._: unknown[]) {
  return {
    this: () => this,
    // biome-ignore lint/complexity/noArguments: what is refused
    arguments: () => arguments.length,
    target: () => new.target,
  }
}
const outer = around.call(1)
const parent = {
  method() {
    return 1
  },
}
const child = {
  __proto__: parent,
  method() {
    return Reflect.get({ ...super.toString }, 'x')
  },
}
const key = `k${1}`
const Computed = class {
  [key]() {}
}
// biome-ignore lint/complexity/noStaticOnlyClass: what is refused
class Static {
  static handlers = { run: () => this }
}
// biome-ignore lint/complexity/noStaticOnlyClass: what is refused
class Private {
  static #x = 1
  static read = () => Private.#x
}
class Patched {
  method() {
    return 1
  }
}
Patched.prototype.method = () => 2
function Replaced() {}
Object.setPrototypeOf(Replaced, { extra: 1 })
function Base() {}
Base.prototype = { made: 1 }

describe('code that cannot be moved', () => {
  test.each([
    [
      '`this` of an outer function',
      outer.this,
      '`this` belongs to an outer function or object (line #); copy what it needs into a const.',
    ],
    [
      '`arguments` of one',
      outer.arguments,
      '`arguments` belongs to an outer function; name the parameters of that function, and copy what is needed into a const.',
    ],
    [
      '`new.target` of one',
      outer.target,
      '`new.target` belongs to an outer function or object (line #); pass it as an argument.',
    ],
    [
      '`super` of an object',
      child.method,
      '`super` belongs to an outer function or object (line #); call the method that it means by a function.',
    ],
    [
      'a direct eval',
      evaluate,
      '`eval` may use any variable around it (line #); write the code itself, or use `new Function`.',
    ],
    [
      'a bound function',
      useConfig.bind(null),
      'it is a bound function (bound useConfig); write an arrow function that calls the original.',
    ],
    [
      'a native function that no name leads to',
      Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get,
      `it is a native function that no public name leads to (get size); ${makeIt}`,
    ],
    [
      'a computed name in a class',
      Computed,
      '`[key]` is a name of a member that is computed (line #); give it a fixed name.',
    ],
    [
      '`this` of a static field',
      Static,
      "`this`, which 'run' uses, belongs to an outer function or object (line #); copy what it needs into a const.",
    ],
    [
      'a private name outside of its class',
      Private.read,
      '`#x` is private to a class that the function lies in (line #); use the whole class in the job, or pass the value as an argument.',
    ],
    ['a method that was replaced', Patched, `it has a method 'method' that the program has replaced; ${makeIt}`],
    [
      'a chain of prototypes that was replaced',
      Replaced,
      `it has a prototype that the program has replaced or frozen; ${makeIt}`,
    ],
    ['a prototype that was replaced', Base, `it has a prototype that the program has replaced or frozen; ${makeIt}`],
    [
      'a Proxy of a function',
      new Proxy(useConfig, {}),
      'it is a Proxy; pass plain data, or make it inside the function.',
    ],
    [
      'a symbol as a key of a function',
      Object.assign(() => 1, { [secret]: 1 }),
      'it has the symbol Symbol(secret) as a key; write it into its declaration, or make it inside the function.',
    ],
  ])('%s', (_, fn, message) => {
    expect(told(fn)).toBe(message)
  })

  test('the variable is named', () => {
    expect(refusal(outer.this).variable).toBe('this')
    expect(refusal(useConfig.bind(null)).variable).toBe("the function 'f'")
  })
})

declare const someGlobal: number

describe('a global that is not Node’s', () => {
  test.each([
    ['by its name', () => someGlobal, 'someGlobal'],
    ['as a member', () => Reflect.get(globalThis.Math, 'x') ?? globalThis.vitest_x, 'globalThis.vitest_x'],
    ['under a computed name', (name: 'Math') => globalThis[name], 'globalThis[…]'],
  ])('%s', (_, fn, variable) => {
    expect(told(fn)).toBe(
      `\`${variable}\` is not a global that every Node has (line #); import it, or pass it as an argument.`,
    )
  })

  test('also one that the program has replaced', () => {
    const { btoa } = globalThis
    globalThis.btoa = () => 'replaced'
    try {
      expect(told(() => btoa('x') + globalThis.btoa('x'))).toBe('not refused')
      expect(told(replacedUser)).toBe(
        '`btoa` is a global that the program has replaced; import the replacement under a name of its own.',
      )
    } finally {
      globalThis.btoa = btoa
    }
  })
})

const replacedUser = () => btoa('x')

declare global {
  var vitest_x: number
}

describe('what is passed', () => {
  test('is told by its label and its path', () => {
    expect(refusal([{ socket: config.database.socket }], { label: "the arguments of 'f'" })).toEqual({
      variable: '[0].socket',
      message:
        "Job 'fit' cannot take the arguments of 'f' along: `[0].socket` is a stream or a socket (Socket); pass plain data, or make it inside the function.",
    })
  })

  test('goes by the caller’s way first, which captured variables do not', () => {
    const extend = (value: object) => (value instanceof Result ? { kind: 'result', data: 1 } : undefined)
    expect(capture([{ result }], { job: 'fit', label: 'it', extend }).values).toContain('"kind":"result"')
    expect(capture(() => result.id, { job: 'fit', label: 'it', extend }).values).not.toContain('"kind":"result"')
  })
})

test('a message without a job begins with what is captured', () => {
  expect(refusal(useConfig, { job: undefined }).message).toMatch(
    /^The function 'f' cannot be taken into a job: `config/,
  )
})
