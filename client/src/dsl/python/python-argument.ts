import type { PythonResult } from '../python-result.ts'
import type { ResourceFile } from '../resource-file.ts'
import type { ResourceGroup } from '../resource-group.ts'
import type { PythonLiteral } from './python-literal.ts'

/**
 * What a Python function can be passed, at any depth of arrays and plain objects: values (a `Uint8Array` becomes
 * `bytes`, an array a `list`, an object a `dict`), a file (its absolute path), a group (a `dict` of paths), what another
 * Python function returned.
 *
 * @example `const columns: PythonArg = { keep: ['age', 'sex'], limit: 3 }`
 */
export type PythonArg =
  | PythonLiteral
  | Uint8Array
  | ResourceFile
  | ResourceGroup
  | PythonResult
  | readonly PythonArg[]
  | { readonly [key: string]: PythonArg }
