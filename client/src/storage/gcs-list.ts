import type { Bucket, FileMetadata } from '@google-cloud/storage'

const PAGE_SIZE = 1000

/** All objects of a prefix, page by page: no more than one page is held. */
export async function* listGcsObjects(bucket: Bucket, prefix: string): AsyncIterable<FileMetadata> {
  let pageToken: string | undefined
  do {
    const [files, next] = await bucket.getFiles({
      prefix,
      autoPaginate: false,
      maxResults: PAGE_SIZE,
      ...(pageToken === undefined ? {} : { pageToken }),
    })
    for (const file of files) yield file.metadata
    pageToken = pageTokenOf(next)
  } while (pageToken !== undefined)
}

function pageTokenOf(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('pageToken' in query)) return undefined
  return typeof query.pageToken === 'string' ? query.pageToken : undefined
}
