import { join } from 'node:path'
import type { AttemptRef } from '../../model/index.ts'

/** The private folder of an attempt on its machine. */
export const attemptFolderOf = (scratch: string, { batch, job, attempt }: AttemptRef) =>
  join(scratch, `${batch}-${job}-${attempt}`)
