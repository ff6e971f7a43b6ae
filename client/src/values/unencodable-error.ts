/** A value has no encoding. */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError'
  /** Where it lies in what was to be encoded: `.client.socket`; empty for the value itself. */
  readonly path: string
  /** What it is, as the end of a sentence that begins with its name: `is a function`. */
  readonly problem: string

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'the value' : `'${path}'`} ${problem}`)
    this.path = path
    this.problem = problem
  }
}
