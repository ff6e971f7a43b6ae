import type { DecodeOptions } from './decode-options.ts'
import { Decoder } from './decoder.ts'

/**
 * The graph of values that a text of `encodeValue` stands for.
 *
 * @throws Error for a text that is none, or an extension that nobody knows
 */
export const decodeValue = (text: string, options: DecodeOptions = {}): unknown =>
  Decoder.ofText(text, options).decode()
