import type { GoogleApi } from '../google/google-api.ts'
import type { Verdict } from './finding.ts'

/** What there is to be looked at. */
export interface Subject {
  readonly project: string
  /** Begins the name of everything of this deployment. */
  readonly prefix: string
  readonly region: string
  /** Where machines may be. */
  readonly regions: readonly string[]
  readonly database: string
  readonly bucket: string
  readonly lanes: number
  /** The agent's image, for those who may read what has been chosen. */
  readonly workerImage: string | undefined
  readonly machines: {
    /** Of the common machine. */
    readonly cores: number
    readonly max_per_pool: number
    readonly disk_gb: number
    readonly families: readonly string[]
  }
}

export interface CheckContext {
  readonly api: GoogleApi
  readonly subject: Subject
  /** Runs one job; its verdict. */
  readonly runSmokeBatch: () => Promise<Verdict>
}

/** One line of the doctor's table: what is looked at, how, and what it needs to be looked at at all. */
export interface Check {
  readonly id: string
  readonly title: string
  /** Checks without whose success this one would only repeat their failure. */
  readonly needs: readonly string[]
  /** Checks whose failure makes this one pointless, but which need not have been possible. Default none. */
  readonly stoppedBy?: readonly string[]
  /** What to do if Google refuses the look itself. */
  readonly remedy: string
  /** The look itself is what must be allowed: a refusal is a failure. Default false. */
  readonly isAllowedIfSeen?: boolean
  readonly run: (context: CheckContext) => Promise<Verdict>
}
