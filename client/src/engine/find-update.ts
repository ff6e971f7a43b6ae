import type { BatchRecord, UpdateToken } from '../model/index.ts'
import { updateTokenSchema } from '../model/index.ts'
import { paths } from './paths.ts'
import type { Document, Store, Write } from './ports.ts'

/** An update's token as a document's name: any text may be a token. */
const nameOf = (token: string): string => encodeURIComponent(token).replaceAll('.', '%2E')

/** Kept beside the record, so that a token is known for as long as the batch is. */
export function tokenWrite(record: BatchRecord, token: UpdateToken): Write {
  const document: Document = updateTokenSchema.parse(token)
  return { kind: 'set', path: paths.token(record.id, nameOf(token.token)), document, expect: 'any' }
}

/** The update that was submitted with a token, listed in the record or archived. */
export async function findUpdate(store: Store, record: BatchRecord, token: string): Promise<UpdateToken | undefined> {
  const listed = record.updates.find((update) => update.token === token)
  if (listed !== undefined || record.archived.updates === 0) return listed
  const [stored] = await store.read([paths.token(record.id, nameOf(token))])
  return stored === undefined ? undefined : updateTokenSchema.parse(stored.document)
}
