import type { Context } from 'hono'
import { z } from 'zod'
import { badRequest } from './refuse.ts'

/** A bunch has many jobs with the same mistake. */
const maxProblems = 10

/** @throws HTTPException 400 saying what in it is missing or wrong */
export async function readBody<S extends z.ZodType>(context: Context, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(await readJson(context))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, maxProblems)
  throw badRequest(`the request is not as it should be:\n${z.prettifyError({ issues })}`)
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json()
  } catch (error) {
    throw badRequest(`the request is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
