import { HTTPException } from 'hono/http-exception'

const defaultSize = 50
const largestSize = 1000

/** How many entries a listing brings: 50 unless asked, at most 1000. */
export function pageSize(text: string | undefined): number {
  if (text === undefined) return defaultSize
  const size = Number(text)
  if (Number.isInteger(size) && size >= 1) return Math.min(size, largestSize)
  throw new HTTPException(400, { message: `limit '${text}' is not a number from 1 to ${largestSize}` })
}
