import type { FunctionObject } from './function-object.ts'
import type { FunctionReader } from './function-reader.ts'

/** The class or constructor function of the program that an object is an instance of; undefined if it is none. */
export function classOf(value: object): FunctionObject | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return undefined
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof made === 'function' && made.prototype === prototype ? made : undefined
}

/** Why instances of a class cannot be copied: they hold more than their properties. Undefined: they can. */
export function whyUncopyable(made: FunctionObject, reader: FunctionReader): string | undefined {
  for (let current: unknown = made; current !== Function.prototype && current !== null; ) {
    if (typeof current !== 'function') return 'whose class has an unusual parent'
    if (reader.isNodes(current)) return `which derives from ${current.name}`
    const { site } = reader.read(current)
    const folder = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(site.script.url)
    if (folder !== null) return `of the package '${folder[1]}'`
    const [name] = site.shape?.privates ?? []
    if (name !== undefined) return `which has the private member ${name}`
    current = Object.getPrototypeOf(current)
  }
  return undefined
}
