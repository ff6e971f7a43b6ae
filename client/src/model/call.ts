import { z } from 'zod'

/** A text that is there, or the path below `BATCH_TMPDIR` of a file that has it: one that many calls share. */
export const textSchema = z.union([z.string(), z.object({ path: z.string() })])
export type Text = z.infer<typeof textSchema>

/** Where a call leaves its result, below `BATCH_TMPDIR`; only what somebody asked for. */
export const resultPathsSchema = z.object({
  /** As other calls of the same language and `value` read it. */
  value: z.string().optional(),
  json: z.string().optional(),
  text: z.string().optional(),
  /** As its language shows it. */
  repr: z.string().optional(),
})
export type ResultPaths = z.infer<typeof resultPathsSchema>

/** Values, and the module with the functions among them. */
export const capturedSchema = z.object({ code: z.object({ path: z.string() }).optional(), values: textSchema })
export type CapturedValues = z.infer<typeof capturedSchema>

/** A call of a TypeScript function. */
export const functionCallSchema = z.object({
  /** As messages name the function. */
  name: z.string(),
  function: capturedSchema,
  arguments: capturedSchema,
  /** Paths below `BATCH_TMPDIR` of the files among the arguments, which name them by their place here. */
  files: z.array(z.string()),
  results: resultPathsSchema,
})
export type FunctionCall = z.infer<typeof functionCallSchema>

/** A call of a Python function. */
export const pythonCallSchema = z.object({
  /** The function's name in its source. */
  name: z.string(),
  /** As tracebacks name the source. */
  file: z.string(),
  /** Its source. */
  source: z.object({ path: z.string() }),
  /** `{ args, kwargs }` as JSON text, in which what JSON has no word for is an object with one key that begins with `$`. */
  arguments: textSchema,
  /** Paths below `BATCH_TMPDIR` of the files among the arguments, which name them by their place here. */
  files: z.array(z.string()),
  results: resultPathsSchema,
})
export type PythonCall = z.infer<typeof pythonCallSchema>
