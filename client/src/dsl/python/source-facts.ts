import { z } from 'zod'

/** How a function wants to be called, as its source says. */
export const signatureSchema = z.object({
  /** `byKeyword`: may be passed by its name too. */
  positional: z.array(z.object({ name: z.string(), isRequired: z.boolean(), byKeyword: z.boolean() })),
  keywordOnly: z.array(z.object({ name: z.string(), isRequired: z.boolean() })),
  /** The name of `*args`. */
  rest: z.string().nullable(),
  /** The name of `**kwargs`. */
  keywords: z.string().nullable(),
})
export type Signature = z.infer<typeof signatureSchema>

/** What is known of a source without running it; `unknown` where no Python interpreter answers. */
export const sourceFactsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('parsed'),
    /** The functions that stand at the top level, in order. */
    functions: z.array(z.string()),
    /** Everything that is bound at the top level. */
    names: z.array(z.string()),
    /** More names may be there: `from … import *`. */
    isOpen: z.boolean(),
    /** Of functions that are neither decorated nor bound twice. */
    signatures: z.record(z.string(), signatureSchema),
  }),
  z.object({
    kind: z.literal('syntaxError'),
    python: z.string(),
    message: z.string(),
    line: z.number(),
    text: z.string(),
  }),
  z.object({ kind: z.literal('unknown') }),
])
export type SourceFacts = z.infer<typeof sourceFactsSchema>
