import { callerOf } from '../../caller.ts'

/** Who calls a service that nobody has to sign in to. */
const anybody = 'anybody'

/** Whose batches these are: the e-mail address in the identity token. */
export const userOf = (headers: Pick<Headers, 'get'>): string => callerOf((name) => headers.get(name))?.email ?? anybody
