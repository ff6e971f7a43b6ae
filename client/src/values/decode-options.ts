import type { Extension, Json } from './json.ts'

export interface DecodeOptions {
  /**
   * Makes what an extension stands for. What `decode` gives is complete, so it must not lead back to the extension; what
   * `decodeEmpty` gives may still be empty, and may.
   */
  readonly extend?: (
    extension: Extension,
    decode: (data: Json) => unknown,
    decodeEmpty: (data: Json) => unknown,
  ) => unknown
  /** Completes what `extend` made, where its data may refer to the value itself. */
  readonly fill?: (extension: Extension, value: unknown, decode: (data: Json) => unknown) => void
}
