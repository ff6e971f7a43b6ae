import type { DecodeOptions } from '../values/decode-options.ts'
import { decodeValue } from '../values/decode-value.ts'
import { RestoredObjects } from './restored-objects.ts'

export interface RestoreOptions extends DecodeOptions {
  /**
   * Functions and classes that have been restored in this job. Given to each `restore` of a call, a class is the same
   * one for the function and for its arguments. Default: none.
   */
  readonly identities?: Map<string, object>
}

/** What was captured, made again in the job. It needs nothing but Node. */
export function restore(
  captured: { readonly module: unknown; readonly values: string },
  options: RestoreOptions = {},
): unknown {
  const objects = new RestoredObjects(captured.module, options.identities ?? new Map())
  return decodeValue(captured.values, {
    extend: (extension, decode, decodeEmpty) => {
      const made = objects.make(extension, decodeEmpty)
      if (made !== undefined) return made.value
      if (options.extend === undefined) throw new Error(`nobody here knows the extension '${extension.kind}'`)
      return options.extend(extension, decode, decodeEmpty)
    },
    fill: (extension, value, decode) => {
      if (!objects.fill(extension, value, decode)) options.fill?.(extension, value, decode)
    },
  })
}
