import type { Extension, Json } from './json.ts'

export interface DecodeOptions {
  /** Makes what an extension stands for. What `decode` gives is complete, unless it lies in a cycle with the value. */
  readonly extend?: (extension: Extension, decode: (data: Json) => unknown) => unknown
  /** Completes what `extend` made, where its data may refer to the value itself. */
  readonly fill?: (extension: Extension, value: unknown, decode: (data: Json) => unknown) => void
}
