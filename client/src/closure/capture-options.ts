import type { EncodeOptions } from '../values/encode-value.ts'

export interface CaptureOptions {
  /** Name of the job that messages tell of. */
  readonly job: string | undefined
  /** What is captured, in the middle of a sentence: "the function 'mean'", "argument 2 of 'mean'". */
  readonly label: string
  /**
   * Resources, results … at any depth of what is passed, but not of what functions capture: an extension, or throws.
   * Kinds that begin with `closure:` are taken.
   */
  readonly extend?: EncodeOptions['extend']
  /** What functions may not capture, since it must be passed to them. */
  readonly isResource?: (value: object) => boolean
}
