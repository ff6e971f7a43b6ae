import type { AttemptRef, LaneMessage, LeaseReply, RenewReply, ShardEvent, ShardRecord, WorkerId } from 'graupel/model'
import type { Records } from './records.ts'
import type { World } from './world.ts'

/** What an instance says must be true of what is stored: nothing leaves before its commit is known. */
export class AnswerChecker {
  readonly #world: World
  readonly #records: Records

  constructor(world: World, records: Records) {
    this.#world = world
    this.#records = records
  }

  checkLease(worker: WorkerId, reply: LeaseReply): void {
    for (const granted of reply.assignments) {
      const attempts = this.#attemptsOf(granted)
      if (attempts < granted.attempt)
        this.#world.violate(`job ${granted.job} was promised to ${worker} before the lease was stored`)
    }
    this.#checkConfirmed(reply.confirmed)
    if (reply.standing === 'left' && this.#records.workers.get(worker)?.state === 'active')
      this.#world.violate(`${worker} was told that it has left before that was stored`)
  }

  checkRenewal(reply: RenewReply): void {
    this.#checkConfirmed(reply.confirmed)
  }

  /** Nobody is told to stop what the service still counts on. */
  checkStops(stops: readonly AttemptRef[]): void {
    for (const ref of stops) {
      const shard = this.#records.shard(ref.batch, ref.shard)
      const lease = shard?.leases[ref.job - shard.firstJob]
      if (lease?.attempt === ref.attempt && lease.stopping !== true)
        this.#world.violate(`job ${ref.job} (attempt ${ref.attempt}) was to stop, and no stop is stored`)
    }
  }

  /** Acknowledged means durable: the event will never come again. */
  checkAcknowledged(message: LaneMessage): void {
    for (const delivery of message.deliveries) {
      if (!('shard' in delivery)) continue
      const shard = this.#records.shard(delivery.batch, delivery.shard)
      if (shard === undefined) continue
      for (const { event } of delivery.events)
        if (!isDone(shard, event))
          this.#world.violate(`${event.type} for shard ${shard.shard} was acknowledged and is not stored`)
    }
  }

  #checkConfirmed(refs: readonly AttemptRef[]): void {
    for (const ref of refs) {
      const shard = this.#records.shard(ref.batch, ref.shard)
      const lease = shard?.leases[ref.job - shard.firstJob]
      if (lease?.attempt === ref.attempt)
        this.#world.violate(`the end of job ${ref.job} (attempt ${ref.attempt}) was confirmed and is not stored`)
    }
  }

  #attemptsOf({ batch, shard, job }: AttemptRef): number {
    const record = this.#records.shard(batch, shard)
    const index = job - (record?.firstJob ?? job)
    return Number.parseInt(record?.attempts.slice(2 * index, 2 * index + 2) ?? '0', 16)
  }
}

function isDone(shard: ShardRecord, event: ShardEvent): boolean {
  switch (event.type) {
    case 'batchStarted':
      return shard.isStarted
    case 'attemptEnded': {
      const lease = shard.leases[event.job - shard.firstJob]
      return lease?.attempt !== event.attempt || lease.worker !== event.worker
    }
    case 'cancelRequested':
      return event.jobs !== undefined || shard.isCancelled
    case 'workerLost':
      return Object.values(shard.leases).every((lease) => lease.worker !== event.worker)
    case 'edgesResolved':
      return [...event.succeeded, ...event.failed].every((range) => {
        const [first] = typeof range === 'number' ? [range] : range
        return shard.ports[first] !== '.'
      })
    case 'portsAttached':
      return shard.attached.includes(event.update)
    case 'pauseSet':
      return shard.paused === event.reason
    case 'attemptStarted':
    case 'leaseRequested':
    case 'holdingsReported':
    case 'poolFailed':
    case 'edgesAsked':
    case 'swept':
      return true
    default:
      return event satisfies never
  }
}
