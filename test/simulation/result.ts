import type { Faults } from './faults.ts'

export interface Result {
  readonly seed: number
  /** What went wrong; `undefined` if nothing did. */
  readonly violation: string | undefined
  readonly hash: string
  readonly events: number
  readonly virtualMs: number
  readonly jobs: number
  readonly messages: number
  readonly commits: number
  readonly starts: number
  readonly rescues: number
  readonly faults: Faults
  readonly hasRescue: boolean
}
