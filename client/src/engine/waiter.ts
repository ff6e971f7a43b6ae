import { type AttemptRef, hash32, type LeaseReply, type LeaseRequest } from '../model/index.ts'
import type { HostedWorker } from './hosted-worker.ts'

/** One lease request that is being answered. */
export interface Waiter {
  readonly request: LeaseRequest
  readonly worker: HostedWorker
  readonly answer: (reply: LeaseReply) => void
  readonly fail: (error: unknown) => void
  /** It must not wait any longer: answer with what there is, or with nothing. */
  isDue: boolean
  /** `readyPools` has been queried for it: an empty answer is the truth. */
  hasLooked: boolean
  /** Its grants are being committed, or its answer is being made. */
  isBeingAnswered: boolean
}

/** Workers that find nothing come again within these bounds, spread by their ids so that they do not come all at once. */
const retryAfterMs = { least: 2_000, most: 20_000 }

export function emptyReply(
  request: LeaseRequest,
  given: { readonly confirmed: readonly AttemptRef[]; readonly stops: readonly AttemptRef[] },
  standing: LeaseReply['standing'] = 'active',
  isCrowded = false,
): LeaseReply {
  const spread = hash32(`${request.worker}${request.request}`) % (retryAfterMs.most - retryAfterMs.least)
  return {
    request: request.request,
    assignments: [],
    confirmed: [...given.confirmed],
    stops: [...given.stops],
    retryAfterMs: isCrowded ? retryAfterMs.least + spread : 0,
    standing,
  }
}
