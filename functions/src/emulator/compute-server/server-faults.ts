import type { ServerResponse } from 'node:http'
import { ComputeError } from './compute-error.ts'

export type CallName = 'bulkInsert' | 'operation' | 'list' | 'delete' | 'advice'

/** One call that goes wrong: refused with a status, or carried out and never answered. */
export type ServerFault =
  | { readonly call: CallName; readonly kind: 'status'; readonly status: number; readonly reason: string }
  | { readonly call: CallName; readonly kind: 'lostAnswer' }

/** What goes wrong next. */
export class ServerFaults {
  readonly #next: ServerFault[] = []

  add(fault: ServerFault): void {
    this.#next.push(fault)
  }

  /** @throws ComputeError if this call is to be refused; `true`: it is to be carried out and not answered */
  take(call: CallName, response: ServerResponse): boolean {
    const at = this.#next.findIndex((fault) => fault.call === call)
    const [fault] = at === -1 ? [] : this.#next.splice(at, 1)
    if (fault === undefined) return false
    if (fault.kind === 'status') throw new ComputeError(fault.status, fault.reason, `asked to fail: ${fault.reason}`)
    response.destroy()
    return true
  }
}
