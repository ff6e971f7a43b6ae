import { z } from 'zod'

/** `google.protobuf.Timestamp` and `Duration` look the same. */
const secondsSchema = z.object({ seconds: z.number().default(0), nanos: z.number().default(0) })

/** Reads either as milliseconds. */
export const millisecondsSchema = secondsSchema.transform(({ seconds, nanos }) => seconds * 1000 + nanos / 1e6)

export function toSeconds(milliseconds: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(milliseconds / 1000)
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) }
}

/** One page of things that are sorted by name; a token is the last name of the page before. */
export function pageOf<T extends { readonly name: string }>(
  all: readonly T[],
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
): { page: T[]; nextPageToken: string } {
  const size = pageSize > 0 ? Math.min(pageSize, 1000) : 1000
  const rest = all.filter(({ name }) => name > pageToken).sort((a, b) => (a.name < b.name ? -1 : 1))
  const page = rest.slice(0, size)
  return { page, nextPageToken: rest.length > size ? (page.at(-1)?.name ?? '') : '' }
}
