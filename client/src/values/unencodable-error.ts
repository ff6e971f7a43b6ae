import type { Place } from './place.ts'

/** A value has no encoding. */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError'
  /** Where it lies in what was to be encoded: `.client.socket`; empty for the value itself. */
  readonly path: string
  /** What it is, as the end of a sentence that begins with its name: `is a function`. */
  readonly problem: string
  readonly place: Place

  constructor(place: Place, problem: string) {
    super(`${`${place}` === '' ? 'the value' : `'${place}'`} ${problem}`)
    this.path = `${place}`
    this.problem = problem
    this.place = place
  }
}
