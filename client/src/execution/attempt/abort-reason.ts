import { AttemptFault } from './attempt-fault.ts'

/**
 * Why an attempt is ended from outside; the `reason` of its aborted signal.
 * - `stopped`: its job is cancelled, or the service knows it no longer
 * - `lost`: the worker's lease has run out, so that nothing of it may go on
 * - `preempted`: the machine is taken away
 */
export interface AbortReason {
  readonly kind: 'stopped' | 'lost' | 'preempted'
}

/** A signal aborted with any other reason is a stop. */
export function abortKind(signal: AbortSignal): AbortReason['kind'] {
  const kind: unknown = Object(signal.reason).kind
  return kind === 'lost' || kind === 'preempted' ? kind : 'stopped'
}

export function faultOfAbort(signal: AbortSignal): AttemptFault {
  const kind = abortKind(signal)
  switch (kind) {
    case 'stopped':
      return new AttemptFault('stopped', 'The attempt was stopped because its job was cancelled.')
    case 'preempted':
      return new AttemptFault('preempted', 'The machine was taken away while the attempt ran.')
    case 'lost':
      return new AttemptFault('infrastructure', 'The worker lost touch with the service and ended the attempt.')
    default:
      return kind satisfies never
  }
}

/** Whether the attempt may still write: after a lost lease it must not. */
export const mayWrite = (signal: AbortSignal): boolean => !signal.aborted || abortKind(signal) !== 'lost'
