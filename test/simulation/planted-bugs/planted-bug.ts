import type { SimulationOptions } from '../simulate.ts'

/** A change to the code that breaks one rule of the protocol, and the circumstances in which that must show. */
export interface PlantedBug {
  /** The rule, by what it says. */
  readonly rule: string
  /** What the code does instead. */
  readonly instead: string
  /** From the repository's root. */
  readonly file: string
  /** Occurs once in the file. */
  readonly find: string
  readonly replace: string
  readonly scenario: SimulationOptions
  /** It must show in one of the first so many seeds. */
  readonly seeds: number
}
