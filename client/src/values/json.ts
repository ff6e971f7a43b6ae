export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What the encoding does not know by itself, as the caller encodes it: a resource, a result, a function, a class … */
export interface Extension {
  readonly kind: string
  readonly data: Json
}

/** A JSON array or object while it is being built: only who builds it may write to it. */
export type Draft = { [key: string]: Json } | Json[]

/**
 * The key that marks what JSON cannot say: `{ "$": "Date", … }`. With a number it points to an object that is met more
 * than once: `{ "$": 3 }`.
 */
export const mark = '$'
