import { z } from 'zod'
import type { GoogleApi, GoogleCall } from './google-api.ts'

const pageSchema = z.looseObject({ nextPageToken: z.string().optional() })
/** More pages than anything of one environment has. */
const maxPages = 100

/** All items of a list, page by page. `key` is what the answer calls them. */
export async function listAll<T>(api: GoogleApi, item: z.ZodType<T>, key: string, call: GoogleCall): Promise<T[]> {
  const items: T[] = []
  let pageToken: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const query = { ...call.query, ...(pageToken === undefined ? {} : { pageToken }) }
    const answer = await api.call(pageSchema, { ...call, query })
    items.push(...z.array(item).parse(answer[key] ?? []))
    pageToken = answer.nextPageToken
    if (pageToken === undefined || pageToken === '') return items
  }
  throw new Error(`${call.service} ${call.path} has more than ${maxPages} pages`)
}

/** `undefined` where there is no such thing. */
export async function findOne<T>(api: GoogleApi, schema: z.ZodType<T>, call: GoogleCall): Promise<T | undefined> {
  try {
    return await api.call(schema, call)
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return undefined
    throw error
  }
}
