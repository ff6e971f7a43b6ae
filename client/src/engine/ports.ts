import type { Delivery, JobDocument, LaneMessage, MachineShape, PoolId, Resources, WorkerId } from '../model/index.ts'

/** A stored document: strings, numbers, booleans, dates, arrays and maps of them. No `undefined`. */
export type Document = { readonly [field: string]: unknown }

/** Opaque: it differs after every commit that touched the document. On Firestore it is the `updateTime`. */
export type Revision = string & { readonly __revision: true }

export interface StoredDocument {
  readonly path: string
  readonly document: Document
  readonly revision: Revision
}

/** One document of a commit. `expect`: the revision it must have, `'absent'`, or `'any'`. */
export type Write =
  | {
      readonly kind: 'set'
      readonly path: string
      readonly document: Document
      readonly expect: Revision | 'absent' | 'any'
    }
  | { readonly kind: 'delete'; readonly path: string }

/** The few questions that are not answered by a path. */
export type Query =
  /** Shards of a lane with Ready work, for one pool or for any. */
  | {
      readonly kind: 'readyShards'
      readonly lane: number | 'any'
      readonly pool: PoolId | undefined
      readonly limit: number
    }
  /** Batches that are open or running, or being deleted; by path. */
  | { readonly kind: 'liveBatches'; readonly after?: string | undefined; readonly limit: number }
  /** Workers that are not gone. */
  | { readonly kind: 'liveWorkers'; readonly limit: number }
  /** Every document directly below a collection, by path; for listings and deletion. */
  | { readonly kind: 'collection'; readonly path: string; readonly after?: string | undefined; readonly limit: number }
  /** The newest batches, by `createdAt`. */
  | { readonly kind: 'newestBatches'; readonly limit: number }

/** A known failure: nothing of the commit was applied. Any other error of `commit` may have taken effect. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
  readonly path: string
  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is not at the expected revision`, options)
    this.path = path
  }
}

/** Fields of a job document to merge into what is there. */
export interface Projection {
  readonly path: string
  readonly version: number
  /** A final state is always written; another one only if `version` is newer than what is stored. */
  readonly isFinal: boolean
  readonly fields: Partial<JobDocument>
}

export interface Store {
  /** In the order asked; `undefined` for what is not there. Reads see every commit that has been answered. */
  read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]>
  /**
   * All or nothing, in one step; the new revisions in the order of the writes (empty text for a deletion).
   * @throws ConflictError when an expectation failed; any other error leaves open whether it took effect
   */
  commit(writes: readonly Write[]): Promise<Revision[]>
  query(query: Query): Promise<StoredDocument[]>
  /** Merges job documents, in as few requests as can be. Not atomic, and may be repeated. */
  project(projections: readonly Projection[]): Promise<void>
}

/** At least once, in any order, any delay. `publish` resolves when the message cannot be lost any more. */
export interface EventBus {
  publish(lane: number, message: LaneMessage): Promise<void>
}

export interface Task {
  readonly queue: 'provision' | 'sweep'
  /** The same name is accepted once per hour or so; a repeat answers `exists`. */
  readonly name: string
  readonly at: number
  readonly body: unknown
}

/** At least once, not before `at`. */
export interface TaskQueue {
  enqueue(task: Task): Promise<'created' | 'exists'>
}

export interface Machine {
  readonly name: string
  readonly pool: PoolId
  readonly createdAt: number
  /** `off`: it has switched itself off, and what is left of it is to be removed. */
  readonly state: 'booting' | 'running' | 'stopping' | 'off'
  readonly cpuMillis: number
  /** 0 on machines that cost nothing. */
  readonly dollarsPerHour: number
}

/** A kind of machine that may be asked for. Families are alternatives: any of a region's serves a pool. */
export interface MachineOffer {
  readonly region: string
  readonly family: string
  readonly machineType: string
  readonly isSpot: boolean
  /**
   * Offers of one tier are alternatives. Those of the next tier are for when quotas or caps leave no room for this one,
   * or its machines do not hold a job. Default: 0, the best.
   */
  readonly tier?: number
  readonly capacity: Resources
  readonly dollarsPerHour: number
}

export interface LaunchRequest {
  readonly pool: PoolId
  /** What the machines must be. */
  readonly shape: MachineShape
  /** Deterministic: a repeated request makes no second machine of a name. */
  readonly names: readonly string[]
  readonly requestId: string
  readonly region: string
  /** Jobs that may have Spot machines get others when there are none. */
  readonly isSpot: boolean
  /** Alternatives, the best first. */
  readonly machineTypes: readonly string[]
}

/** Why there are no machines, or fewer than asked for: try again later or elsewhere. */
export interface Refusal {
  readonly cause: 'stockout' | 'quota' | 'rate'
  /** In the cloud's words. */
  readonly message: string
  /** The name of the quota. */
  readonly quota?: string | undefined
  /** The zones that have none, if they are known. */
  readonly zones?: readonly string[] | undefined
  /** The families it is about; absent: all that were asked for. */
  readonly families?: readonly string[] | undefined
}

export type LaunchResult =
  /** Some of the names, if there is a refusal. */
  | { readonly kind: 'launched'; readonly names: readonly string[]; readonly refusal?: Refusal | undefined }
  /** It goes on in the cloud; `follow` tells how it ends. */
  | { readonly kind: 'underWay'; readonly operation: string }
  | ({ readonly kind: 'refused' } & Refusal)
  /** Never: the pool's jobs end as `Error` with this reason. */
  | { readonly kind: 'impossible'; readonly message: string }

export interface Fleet {
  /** What can be asked for, the best first: regions in their order, and the cheapest family of each. */
  offers(shape: MachineShape): Promise<readonly MachineOffer[]>
  launch(request: LaunchRequest): Promise<LaunchResult>
  /** What became of a launch that went on in the cloud. */
  follow(request: LaunchRequest, operation: string): Promise<LaunchResult>
  list(): Promise<Machine[]>
  /** Whether the last list may have left this machine out, because a part of the cloud did not answer. Default: never. */
  hides?(name: string): boolean
  /** No error if there is none. */
  remove(name: string): Promise<void>
  /** The machine that a worker runs on. */
  machineOf(worker: WorkerId): string
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export type { Delivery }
