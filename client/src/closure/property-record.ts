import type { Json } from '../values/json.ts'
import { Refusal } from './refusal.ts'

/** An own property as it is written: its name, its value, and whether it is enumerable, writable, configurable. */
export type EncodeMember = (value: unknown, step: string) => Json

/** @throws Refusal for accessors and symbols */
export function encodeProperty(owner: object, key: string | symbol, encode: EncodeMember): Json {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key)
  if (typeof key === 'symbol') throw refuseProperty(`has the symbol ${String(key)} as a key`)
  if (descriptor === undefined || descriptor.get !== undefined || descriptor.set !== undefined) {
    throw refuseProperty(`has the getter or setter '${key}' of its own`)
  }
  const { value, enumerable = false, writable = false, configurable = false } = descriptor
  return [key, encode(value, key), `${enumerable ? 'e' : ''}${writable ? 'w' : ''}${configurable ? 'c' : ''}`]
}

const refuseProperty = (problem: string): Refusal =>
  new Refusal({ variable: '', problem, remedy: 'write it into its declaration, or make it inside the function' })
