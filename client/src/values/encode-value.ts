import { Encoder } from './encoder.ts'
import type { Extension, Json } from './json.ts'
import { Place } from './place.ts'

export interface EncodeOptions {
  /** Asked for each object, class and function before anything else; undefined: nothing that it knows. */
  readonly extend?: (
    value: object,
    path: string,
    encode: (value: unknown, path: string) => Json,
  ) => Extension | undefined
}

/**
 * A graph of values as JSON text: shared references, cycles and all that structured clone can copy are kept; the same
 * value makes the same text.
 *
 * @throws UnencodableError for what would not come back as it was, with its path
 */
export function encodeValue(value: unknown, options: EncodeOptions = {}): string {
  const { extend } = options
  if (extend === undefined) return new Encoder(undefined).encode(value, new Place(undefined, ''))
  const encoder = new Encoder((object, place, encode) =>
    extend(object, `${place}`, (inner, path) => encode(inner, new Place(undefined, path))),
  )
  return encoder.encode(value, new Place(undefined, ''))
}
