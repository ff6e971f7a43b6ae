import { z } from 'zod'

/**
 * A value kept as JSON text in one field: ten times cheaper to write than a native map, and still readable. Schemas of
 * records are codecs: `z.decode` reads a stored document, `z.encode` makes one.
 */
export const jsonText = <S extends z.ZodType>(schema: S) =>
  z.codec(z.string(), schema, {
    decode: (text) => JSON.parse(text) as z.input<S>,
    encode: (value) => JSON.stringify(value),
  })

/** A point in time: `Date` in the stored document, so that a console shows it; ms since 1970 in the program. */
export const storedTime = z.codec(z.date(), z.number(), {
  decode: (date) => date.getTime(),
  encode: (ms) => new Date(ms),
})
