import type {
  LaneMessage,
  LeaseReply,
  LeaseRequest,
  MachineFacts,
  RenewReply,
  RenewRequest,
  StopsReply,
  StopsRequest,
} from '../model/index.ts'
import type { ObjectStore } from '../storage/object-store.ts'
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
  /** For the deletion of scratch. */
  readonly objects: ObjectStore
  /** Key of the attempts' tokens. */
  readonly serviceKey: string
  readonly log: EngineLog
  /** Workers that may wait here for work at once. Default 200. */
  readonly maxWaiting?: number
  /** Workers that may wait here for orders to stop at once. Default 300. */
  readonly maxListening?: number
  /** Records kept in memory between commits. Default 512. */
  readonly maxKept?: number
  /** A worker is silent after this. Default 3 minutes. */
  readonly leaseMs?: number
  /** False: nothing is launched or swept, because this machine's own worker is there already. Default true. */
  readonly isElastic?: boolean
  /** What a worker's machine costs in US dollars an hour. Default: nothing. */
  readonly dollarsPerHour?: (machine: MachineFacts) => number
  /** Tells the user's program that a batch has ended. Default: POST of the batch's status as JSON. */
  readonly callBack?: (url: string, body: unknown) => Promise<void>
}

/** The options with their defaults filled in. */
export type EngineServices = Required<EngineOptions>

/** One lane's host of the kernel. Holds nothing that cannot be lost. */
export interface Engine {
  /** Resolves when every event is durable and its effects are sent: then acknowledge. Rejects: let it come again. */
  deliver(message: LaneMessage): Promise<void>
  lease(request: LeaseRequest, signal?: AbortSignal): Promise<LeaseReply>
  renew(request: RenewRequest): Promise<RenewReply>
  /** Answers as soon as there is something for the worker to stop. Rejects when `signal` is aborted. */
  awaitStops(request: StopsRequest, signal?: AbortSignal): Promise<StopsReply>
  /**
   * Resolves when nothing is under way that no request waits for: documents for people are written, callbacks made and
   * files deleted. Never rejects.
   */
  idle(): Promise<void>
  /** Answers who waits, and resolves when no commit is under way. */
  close(): Promise<void>
}
