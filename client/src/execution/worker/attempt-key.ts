import type { AttemptRef } from '../../model/index.ts'

export const keyOf = ({ batch, job, attempt }: AttemptRef) => `${batch}/${job}/${attempt}`

/** What of an assignment names its attempt in requests. */
export const refOf = ({ batch, shard, job, attempt }: AttemptRef): AttemptRef => ({ batch, shard, job, attempt })
