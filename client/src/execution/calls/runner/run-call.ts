import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { restore } from '../../../closure/restore.ts'
import type { CapturedValues, FunctionCall, Text } from '../../../model/index.ts'
import type { CodeModules } from './code-modules.ts'
import { resolveExtension } from './resolve-extension.ts'
import { writeResults } from './write-results.ts'

/** Where the files of a call are. */
export interface CallFiles {
  readonly root: string
  /** See `CallRequest`. */
  readonly elsewhere: Readonly<Record<string, string>>
}

export async function runCall(call: FunctionCall, files: CallFiles, modules: CodeModules): Promise<void> {
  const { root } = files
  // A class is the same one for the function and for what it is given; each call has its own.
  const identities = new Map<string, object>()
  const extend = resolveExtension(call.files, root)
  const called = restore(await load(call.function, files, modules), { identities })
  const given = restore(await load(call.arguments, files, modules), { identities, extend })
  if (typeof called !== 'function' || !Array.isArray(given)) throw new TypeError(`${call.name} is not a call`)
  const value: unknown = await called(...given)
  writeResults(value, call, root)
}

async function load({ code, values }: CapturedValues, { root, elsewhere }: CallFiles, modules: CodeModules) {
  const module = code === undefined ? undefined : await modules.load(elsewhere[code.path] ?? join(root, code.path))
  return { module, values: read(values, root) }
}

const read = (text: Text, root: string): string =>
  typeof text === 'string' ? text : readFileSync(join(root, text.path), 'utf8')
