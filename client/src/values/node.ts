import type { Json } from './json.ts'

/** An object of the encoded text. */
export type Node = { readonly [key: string]: Json }

const wrong = (what: string): Error => new Error(`this is no text of values: ${what} is missing in it`)

export function textOf(node: Json | undefined): string {
  if (typeof node !== 'string') throw wrong('a text')
  return node
}

export function numberOf(node: Json | undefined): number {
  if (typeof node !== 'number') throw wrong('a number')
  return node
}

export function arrayOf(node: Json | undefined): readonly Json[] {
  if (!Array.isArray(node)) throw wrong('an array')
  return node
}

/** The pairs of `entries`: a name and a node each. */
export const entriesOf = (node: Json | undefined): (readonly [string, Json])[] =>
  pairsOf(node).map(([key, value]) => [textOf(key), value])

export const pairsOf = (node: Json | undefined): (readonly [Json, Json])[] =>
  arrayOf(node).map((pair) => {
    const [key = null, value = null] = arrayOf(pair)
    return [key, value]
  })
