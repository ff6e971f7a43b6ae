import type { LaneMessage, LeaseReply, LeaseRequest, RenewReply, RenewRequest } from '../model/index.ts'
import type { Clock, EventBus, Store, TaskQueue } from './ports.ts'

/** What goes wrong inside, told to whoever listens. Nothing is thrown for it. */
export interface EngineLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface EngineOptions {
  /** The lane this instance hosts, 0…deployedLanes − 1. */
  readonly lane: number
  readonly deployedLanes: number
  readonly store: Store
  readonly bus: EventBus
  readonly tasks: TaskQueue
  readonly clock: Clock
  /** Key of the attempts' tokens. */
  readonly serviceKey: string
  readonly log: EngineLog
  /** Which jobs get a document: all, those that went wrong, none; `auto`: all in batches of up to 10,000 jobs. */
  readonly projection?: 'all' | 'failed' | 'none' | 'auto'
  /** Workers that may wait here for work at once. Default 200. */
  readonly maxWaiting?: number
  /** A worker is silent after this. Default 3 minutes. */
  readonly leaseMs?: number
  /** False: workers are not launched on demand (this machine's own worker is there already). Default true. */
  readonly isElastic?: boolean
}

/** One lane's host of the kernel. Holds nothing that cannot be lost. */
export interface Engine {
  /** Resolves when every event is durable and its effects are sent: then acknowledge. Rejects: let it come again. */
  deliver(message: LaneMessage): Promise<void>
  lease(request: LeaseRequest, signal?: AbortSignal): Promise<LeaseReply>
  renew(request: RenewRequest): Promise<RenewReply>
  /** Answers who waits, and resolves when no commit is under way. */
  close(): Promise<void>
}
