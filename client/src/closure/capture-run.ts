import { describeValue } from '../values/describe-value.ts'
import { integrityOf } from '../values/integrity.ts'
import type { Extension, Json } from '../values/json.ts'
import type { Place } from '../values/place.ts'
import type { CaptureWorld } from './capture-world.ts'
import type { FunctionForm } from './function-form.ts'
import type { FunctionObject } from './function-object.ts'
import { encodeFunctionProperties } from './function-properties.ts'
import { classOf } from './object-class.ts'
import { encodeProperty } from './property-record.ts'
import { makeIt, Refusal } from './refusal.ts'
import { startOf } from './syntax.ts'
import { userAt, VariablePlace } from './variable-place.ts'

export type Encode = (value: unknown, place: Place) => Json

/** One capture: collects the texts that it needs while values are encoded. */
export class CaptureRun {
  readonly forms: FunctionForm[] = []
  /** Files of CommonJS packages. */
  readonly required: string[] = []
  readonly #world: CaptureWorld
  readonly #isCapturable: (value: unknown) => boolean

  constructor(world: CaptureWorld, isCapturable: (value: unknown) => boolean) {
    this.#world = world
    this.#isCapturable = isCapturable
  }

  /** What the encoding of values does not know; undefined for what it does. */
  extend(value: object, place: Place, encode: Encode): Extension | undefined {
    if (value === globalThis) throw globalObject
    const known = this.#world.publicValues.find(value)
    if (known !== undefined && !(typeof value === 'function' && !this.#world.isNodes(value))) return known
    const required = this.#world.requiredModules.find(value)
    if (required !== undefined) return this.#require(required)
    if (typeof value === 'function') return this.#function(value, place, encode)
    const made = classOf(value)
    if (made !== undefined) return this.#instance(value, made, place, encode)
    return hasAccessors(value) ? this.#accessors(value, place, encode) : undefined
  }

  #require({ path, member }: { readonly path: string; readonly member: string | undefined }): Extension {
    if (!this.required.includes(path)) this.required.push(path)
    const data = [this.required.indexOf(path), ...(member === undefined ? [] : [member])]
    return { kind: 'closure:required', data }
  }

  #function(fn: FunctionObject, place: Place, encode: Encode): Extension {
    if (this.#world.isNodes(fn)) {
      const known = this.#world.publicValues.findInModules(fn)
      if (known !== undefined) return known
    }
    const { form, values } = this.#world.environmentOf(fn, this.#isCapturable)
    const { site } = form
    const { line, column } = site.parsed.positionAt(startOf(site.node))
    const member = (value: unknown, step: string): Json => encode(value, place.key(step))
    const user = userAt(place, fn.name)
    const privates = site.shape === undefined ? [] : this.#privateStatics(fn, site.shape.privateStatics)
    const data = {
      function: this.#indexOf(form),
      identity: this.#world.identityOf(fn, `${site.script.url}:${line + 1}:${column + 1}`),
      ...(form.hasParent ? { parent: encode(parentOf(fn), place.key('(parent)')) } : {}),
      values: values.map((value, index) => encode(value, new VariablePlace(form.copied[index] ?? '', user))),
      ...(privates.length === 0 ? {} : { privates: privates.map(({ name, value }) => member(value, name)) }),
      ...encodeFunctionProperties(fn, site, member),
    }
    return { kind: 'closure:function', data }
  }

  #privateStatics(fn: FunctionObject, names: readonly string[]): { name: string; value: unknown }[] {
    if (names.length === 0) return []
    const found = this.#world.inspector.privatesOf(fn)
    return names.map((name) => {
      const value = found.find((candidate) => candidate.name === name)
      if (value === undefined) throw new Refusal({ variable: name, problem: 'cannot be read', remedy: makeIt })
      return value
    })
  }

  #indexOf(form: FunctionForm): number {
    const index = this.forms.indexOf(form)
    return index === -1 ? this.forms.push(form) - 1 : index
  }

  #instance(value: object, made: FunctionObject, place: Place, encode: Encode): Extension | undefined {
    // Instances of Node's own classes are the encoding's affair: it knows some, and refuses the others.
    if (this.#world.isNodes(made)) return undefined
    const why = this.#world.whyUncopyable(made)
    if (why !== undefined) {
      throw new Refusal({ variable: '', problem: `${describeValue(value)}, ${why}`, remedy: makeIt })
    }
    return {
      kind: 'closure:instance',
      data: { class: encode(made, place.key('constructor')), ...this.#members(value, place, encode) },
    }
  }

  #members(value: object, place: Place, encode: Encode): Record<string, Json> {
    const own = Reflect.ownKeys(value).map((key) =>
      encodeProperty(value, key, (item, step) => encode(item, place.key(step))),
    )
    const integrity = integrityOf(value)
    return { own, ...(integrity === undefined ? {} : { integrity }) }
  }

  /** A plain object with getters or setters, which are functions like others. */
  #accessors(value: object, place: Place, encode: Encode): Extension {
    const integrity = integrityOf(value)
    const own = Reflect.ownKeys(value).map((key): Json => {
      const { get, set, enumerable = false } = Object.getOwnPropertyDescriptor(value, key) ?? {}
      if (typeof key === 'symbol' || (get === undefined && set === undefined)) {
        return encodeProperty(value, key, (item, step) => encode(item, place.key(step)))
      }
      const [getter, setter] = [encode(get, place.key(key)), encode(set, place.key(key))]
      return [key, [getter, setter], enumerable ? 'aec' : 'ac']
    })
    const isNull = Object.getPrototypeOf(value) === null
    return { kind: 'closure:accessors', data: { own, isNull, ...(integrity === undefined ? {} : { integrity }) } }
  }
}

const globalObject = new Refusal({
  variable: '',
  problem: 'is the global object, where the job may not find what this program finds',
  remedy: 'name the globals that the function uses',
})

const parentOf = (fn: FunctionObject): unknown => {
  const parent: unknown = Object.getPrototypeOf(fn)
  return parent === Function.prototype ? null : parent
}

function hasAccessors(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.keys(value).some((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    return descriptor?.get !== undefined || descriptor?.set !== undefined
  })
}
