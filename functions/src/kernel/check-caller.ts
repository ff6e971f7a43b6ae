import { machineNameOf, type WorkerId } from 'graupel/model'
import type { Caller } from '../caller.ts'

/** The accounts that may call the kernel, by e-mail address. `anybody`: on this machine, where nobody has a token. */
export type Callers = 'anybody' | { readonly worker: string; readonly pusher: string }

/**
 * Why this caller may not ask as this worker; `undefined`: it may. Google lets in whoever has the account; that it is this
 * machine, and no other and no copy of the account's credentials elsewhere, only the token says.
 */
export function whyNotWorker(callers: Callers, caller: Caller | undefined, worker: WorkerId): string | undefined {
  if (callers === 'anybody') return undefined
  if (caller?.email !== callers.worker) return `${nameOf(caller)} is not the account of workers`
  const machine = machineNameOf(worker)
  if (caller.machine === machine) return undefined
  return `the token is not one of machine ${machine}, but of ${caller.machine ?? 'none'}`
}

/** Why this caller may not push messages; `undefined`: it may. */
export function whyNotPusher(callers: Callers, caller: Caller | undefined): string | undefined {
  if (callers === 'anybody' || caller?.email === callers.pusher) return undefined
  return `${nameOf(caller)} is not the account that pushes messages`
}

const nameOf = (caller: Caller | undefined): string => caller?.email ?? 'a caller without a token'
