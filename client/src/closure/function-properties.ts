import { integrityOf } from '../values/integrity.ts'
import type { Json } from '../values/json.ts'
import type { DeclaredMethod } from './class-shape.ts'
import type { FunctionSite } from './function-site.ts'
import { type EncodeMember, encodeProperty } from './property-record.ts'
import { makeIt, Refusal } from './refusal.ts'
import { isClass } from './syntax.ts'

/** Properties of a function or class that its text does not make, and its name, which the text often does not, either. */
export function encodeFunctionProperties(fn: object, site: FunctionSite, encode: EncodeMember): Record<string, Json> {
  const methods = site.shape?.methods ?? []
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value
  refuseUnusualPrototypes(fn, prototype, site)
  const inPrototype: EncodeMember = (value, step) => encode(value, `prototype.${step}`)
  const own = propertiesOf(fn, methods.filter(isStatic), natural, encode)
  const shared = isObject(prototype) ? propertiesOf(prototype, methods.filter(isShared), inherited, inPrototype) : []
  return {
    ...nameOf(fn),
    ...(own.length === 0 ? {} : { own }),
    ...(shared.length === 0 ? {} : { shared }),
    ...(integrityOf(fn) === undefined ? {} : { integrity: integrityOf(fn) ?? null }),
  }
}

const isStatic = (method: DeclaredMethod): boolean => method.isStatic
const isShared = (method: DeclaredMethod): boolean => !method.isStatic

const propertiesOf = (
  owner: object,
  methods: readonly DeclaredMethod[],
  left: ReadonlySet<string | symbol>,
  encode: EncodeMember,
): Json[] => ownKeys(owner, methods, left).map((key) => encodeProperty(owner, key, encode))

const natural = new Set<string | symbol>(['prototype', 'arguments', 'caller'])
const inherited = new Set<string | symbol>(['constructor'])

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The name that the text gives may differ: `const mean = () => …` is called 'mean' by its variable. */
function nameOf(fn: object): Record<string, Json> {
  const name = Object.getOwnPropertyDescriptor(fn, 'name')
  const isUsual = isNatural(fn, 'name') && typeof name?.value === 'string'
  return isUsual ? { name: name.value } : {}
}

/** Keys that the text does not make; what it makes must still be there, unchanged. */
function ownKeys(
  owner: object,
  methods: readonly DeclaredMethod[],
  left: ReadonlySet<string | symbol>,
): (string | symbol)[] {
  for (const method of methods) refuseReplaced(owner, method)
  const declared = new Set(methods.map(({ key }) => key))
  return Reflect.ownKeys(owner).filter((key) => !declared.has(key) && !left.has(key) && !isNatural(owner, key))
}

/** The engine gives each function a name and a length, which cannot be assigned. */
function isNatural(owner: object, key: string | symbol): boolean {
  if (typeof owner !== 'function' || (key !== 'name' && key !== 'length')) return false
  const { writable, enumerable } = Object.getOwnPropertyDescriptor(owner, key) ?? {}
  return writable === false && enumerable === false
}

const sourceOf = Function.prototype.toString

function refuseReplaced(owner: object, { key, text }: DeclaredMethod): void {
  const { value, get, set } = Object.getOwnPropertyDescriptor(owner, key) ?? {}
  const functions = [value, get, set].filter((fn) => typeof fn === 'function')
  if (functions.some((fn) => sourceOf.call(fn) === text)) return
  throw new Refusal({
    variable: '',
    problem: `has a method '${String(key)}' that the program has replaced`,
    remedy: makeIt,
  })
}

/** Chains of prototypes that neither `class … extends` nor `function` makes. */
function refuseUnusualPrototypes(fn: object, prototype: unknown, site: FunctionSite): void {
  const parent: unknown = Object.getPrototypeOf(fn)
  const isUsual = isClass(site.node)
    ? isObject(prototype) && Object.isExtensible(prototype) && hasParent(prototype, parent, site)
    : usualParents.has(parent) && isUsualShared(fn, prototype)
  if (isUsual) return
  throw new Refusal({
    variable: '',
    problem: 'has a prototype that the program has replaced or frozen',
    remedy: makeIt,
  })
}

function hasParent(prototype: object, parent: unknown, site: FunctionSite): boolean {
  const above: unknown = Object.getPrototypeOf(prototype)
  if (site.heritage === 'none') return parent === Function.prototype && above === Object.prototype
  if (above === null) return parent === Function.prototype
  return typeof parent === 'function' && parent.prototype === above
}

const samples = [() => {}, async () => {}, function* () {}, async function* () {}]
const usualParents = new Set<unknown>(samples.map((sample) => Object.getPrototypeOf(sample)))
const generatorParents = new Set<unknown>(samples.slice(2).map((sample) => Object.getPrototypeOf(sample.prototype)))

/** What `new` gives its objects: as it came with the function. */
function isUsualShared(fn: object, prototype: unknown): boolean {
  if (!isObject(prototype)) return prototype === undefined
  if (!Object.isExtensible(prototype)) return false
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  const above: unknown = Object.getPrototypeOf(prototype)
  return above === Object.prototype ? maker === fn : generatorParents.has(above) && maker === undefined
}
