import type { EncodedBytes } from './encode-bytes.ts'
import type { Draft, Json } from './json.ts'
import type { Place } from './place.ts'

/** Where a node will be written, how deep that is, and where its value lies. */
export interface Target {
  readonly draft: Draft
  readonly key: string | number
  readonly depth: number
  readonly place: Place
}

/** What the encoding of an object needs to encode what lies in it. */
export interface Writer {
  readonly bytes: EncodedBytes
  write(value: unknown, target: Target): Json
}
