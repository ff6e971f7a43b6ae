import type {
  LeaseReply,
  LeaseRequest,
  RenewReply,
  RenewRequest,
  ShardDelivery,
  StopsReply,
  StopsRequest,
} from '../../model/index.ts'

/** The service as a worker sees it. */
export interface WorkerService {
  /**
   * Asks one lane for work. May wait as long as the request allows; aborting the signal ends the wait, not the request:
   * it may have been answered already, so that it must be repeated.
   */
  lease(lane: number, request: LeaseRequest, signal: AbortSignal): Promise<LeaseReply>
  renew(lane: number, request: RenewRequest): Promise<RenewReply>
  /** Waits at one lane for orders to stop, as long as the request allows; aborting the signal ends the wait. */
  awaitStops(lane: number, request: StopsRequest, signal: AbortSignal): Promise<StopsReply>
  /** Resolves when the events cannot be lost any more. They may arrive more than once and in any order. */
  publish(lane: number, deliveries: readonly ShardDelivery[]): Promise<void>
}
