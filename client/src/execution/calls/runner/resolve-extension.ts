import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecodeOptions } from '../../../values/decode-options.ts'
import { decodeValue } from '../../../values/decode-value.ts'
import type { Json } from '../../../values/json.ts'

/** What stands among the arguments for a file, a group of files, or the result of an earlier call. */
export function resolveExtension(files: readonly string[], root: string): NonNullable<DecodeOptions['extend']> {
  const pathOf = (index: Json): string => {
    const file = typeof index === 'number' ? files[index] : undefined
    if (file === undefined) throw new RangeError(`the call has no file ${JSON.stringify(index)}`)
    return join(root, file)
  }
  return ({ kind, data }) => {
    switch (kind) {
      case 'file':
        return pathOf(data)
      case 'group':
        return Object.fromEntries(
          Object.entries(Object(data)).map(([member, index]) => [member, pathOf(Number(index))]),
        )
      case 'result':
        return decodeValue(readFileSync(pathOf(data), 'utf8'))
      default:
        throw new TypeError(`the arguments have something of the unknown kind '${kind}'`)
    }
  }
}
