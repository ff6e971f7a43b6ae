import {
  type Assignment,
  type Cause,
  type LogPart,
  objectPaths,
  type PeakUsage,
  peakOf,
  type StoredUsage,
} from '../../model/index.ts'
import type { ObjectInfo } from '../../storage/index.ts'
import type { AttemptFault } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import type { UsageReading } from '../usage/usage-reading.ts'
import { UsageSamples } from '../usage/usage-samples.ts'
import { Followers } from './followers.ts'
import type { Leavings } from './plan-packs.ts'
import { type FlushPace, PrintedLog } from './printed-log.ts'
import { StagingNotes } from './staging-notes.ts'
import type { WorkerLogs } from './worker-logs.ts'

/** Inputs are staged, the commands run, outputs are stored. */
export type Step = 'input' | 'main' | 'output'

export interface JournalOptions {
  readonly assignment: Assignment
  readonly clock: Clock
  readonly logs: WorkerLogs
  readonly pace: FlushPace
  /** The samples of what the commands use are first stored at this age of theirs. */
  readonly firstUsageMs: number
  readonly write: (uri: string, bytes: Uint8Array) => Promise<unknown>
  readonly stat: (uri: string) => Promise<ObjectInfo | undefined>
  /** Waits for `stored` no longer than the attempt may write. */
  readonly untilLost: (stored: () => Promise<void>) => Promise<void>
}

/** Staging that went well in less time says nothing that is worth an object. */
const notableMs = 1000

/** After their first time, the samples of a running attempt are stored when its age has doubled, or this has passed. */
const slowestUsageMs = 120_000

/** All that one attempt tells while it runs and leaves when it ends: what it prints, stages and uses. */
export class AttemptJournal {
  readonly #options: JournalOptions
  readonly #begunAt: number
  readonly #printed: PrintedLog
  readonly #notes = { input: new StagingNotes(), output: new StagingNotes() }
  #step: Step = 'input'
  #hasComplaint = false
  #samples: UsageSamples | undefined
  #nextUsageAt = 0
  #storingUsage: Promise<unknown> | undefined

  constructor(options: JournalOptions) {
    const { assignment, clock, logs, pace, write, stat } = options
    const { root, job, attempt } = assignment
    const storePiece = async (number: number, bytes: Uint8Array) => {
      await write(objectPaths.logPiece(root, job, attempt, number), bytes)
    }
    this.#options = options
    this.#begunAt = clock.now()
    const followers = new Followers(() => stat(objectPaths.followed(root, job, attempt)), clock)
    const isFollowed = () => followers.areThere()
    this.#printed = new PrintedLog({ storePiece, clock, room: logs.room, pace, isFollowed })
  }

  enter(step: Step): void {
    this.#step = step
  }

  /** Takes what the commands print. A promise means: bring no more before it is resolved. */
  print(chunk: Uint8Array): Promise<void> | void {
    return this.#printed.print(chunk)
  }

  /** What was staged, of how many bytes if that is known, in how many ms. */
  note(what: string, bytes: number | undefined, ms: number): void {
    const size = bytes === undefined ? '' : `${bytes} bytes in `
    this.#notes[this.#stagingStep()].add(`${this.#time()} ${what}: ${size}${(ms / 1000).toFixed(3)} s`)
  }

  /** What went wrong beside the job, and is worth telling however quick that was. */
  complain(what: string): void {
    this.#hasComplaint = true
    this.#notes.output.add(`${this.#time()} ${what}`)
  }

  addUsage(startedAt: number, at: number, reading: UsageReading): void {
    this.#samples ??= new UsageSamples(startedAt)
    this.#samples.add(at, reading)
    if (this.#nextUsageAt === 0) this.#nextUsageAt = startedAt + this.#options.firstUsageMs
    if (at < this.#nextUsageAt || this.#storingUsage !== undefined) return
    this.#nextUsageAt = at + Math.min(slowestUsageMs, at - startedAt)
    this.#storingUsage = this.#storeUsage().finally(() => {
      this.#storingUsage = undefined
    })
  }

  peak(): PeakUsage | undefined {
    return peakOf(this.#samples?.all() ?? [])
  }

  /** Stores what is left, and resolves when it is stored, or cannot be: the end of an attempt matters more. */
  async close(fault: AttemptFault | undefined): Promise<void> {
    const tail = await this.#printed.close()
    await this.#storingUsage
    const parts = this.#partsOf(tail, fault)
    if (parts.length === 0) return
    const { root, job, attempt } = this.#options.assignment
    const { logs, untilLost } = this.#options
    await untilLost(() => logs.store({ root, job, attempt, parts })).catch(() => undefined)
  }

  #partsOf(tail: Uint8Array, fault: AttemptFault | undefined): Leavings['parts'] {
    const stagingFault = fault !== undefined && isOfStaging(fault.faultCause) ? fault.message : undefined
    const isLong = this.#options.clock.now() - this.#begunAt >= notableMs
    const isNotable = isLong || stagingFault !== undefined || this.#hasComplaint
    const parts: { part: LogPart; bytes: Uint8Array }[] = [
      { part: 'main', bytes: tail },
      ...(isNotable ? this.#notesWith(stagingFault) : []),
      { part: 'fault', bytes: Buffer.from(stagingFault === undefined ? '' : `${stagingFault}\n`) },
      { part: 'usage', bytes: this.#usage() },
    ]
    return parts.filter(({ bytes }) => bytes.byteLength > 0)
  }

  #notesWith(fault: string | undefined): { part: 'input' | 'output'; bytes: Uint8Array }[] {
    const last = fault === undefined ? undefined : `${this.#time()} ${fault}`
    const isLastOf = (part: 'input' | 'output') => (part === this.#stagingStep() ? last : undefined)
    return (['input', 'output'] as const).map((part) => ({
      part,
      bytes: Buffer.from(this.#notes[part].text(isLastOf(part))),
    }))
  }

  #usage(): Uint8Array {
    const samples = this.#samples?.all() ?? []
    if (samples.length === 0) return new Uint8Array()
    return Buffer.from(JSON.stringify({ samples: [...samples] } satisfies StoredUsage))
  }

  async #storeUsage(): Promise<void> {
    const { root, job, attempt } = this.#options.assignment
    await this.#options.write(objectPaths.usage(root, job, attempt), this.#usage()).catch(() => undefined)
  }

  /** What keeps the commands from beginning belongs to what comes before them. */
  #stagingStep(): 'input' | 'output' {
    return this.#step === 'output' ? 'output' : 'input'
  }

  #time(): string {
    return new Date(this.#options.clock.now()).toISOString()
  }
}

/** What its commands did, or what happened to its machine, an attempt's log does not have to explain. */
function isOfStaging(cause: Exclude<Cause, 'success'>): boolean {
  switch (cause) {
    case 'image':
    case 'shell':
    case 'missingInput':
    case 'missingOutput':
    case 'staging':
      return true
    case 'failed':
    case 'outOfMemory':
    case 'outOfDisk':
    case 'timeout':
    case 'stopped':
    case 'preempted':
    case 'infrastructure':
      return false
    default:
      return cause satisfies never
  }
}
