// A job as far as closures know it: reads calls from standard input, makes each function again, runs it, writes results.
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { restore } from '../../client/src/closure/restore.ts'
import { encodeValue } from '../../client/src/values/encode-value.ts'
import type { CapturedCall, Outcome } from './run-elsewhere.ts'

process.setSourceMapsEnabled(true)
const folder = await mkdtemp(join(tmpdir(), 'graupel-closure-'))
// What was written by `runElsewhere`.
const calls = JSON.parse(await text(process.stdin)) as CapturedCall[]
const modules = new Map<string, unknown>()

async function load(code: string | undefined): Promise<unknown> {
  if (code === undefined) return undefined
  const known = modules.get(code)
  if (known !== undefined) return known
  const path = join(folder, `code-${modules.size}.mjs`)
  writeFileSync(path, code)
  const loaded: unknown = await import(`${pathToFileURL(path)}`)
  modules.set(code, loaded)
  return loaded
}

async function run(call: CapturedCall): Promise<Outcome> {
  try {
    const identities = new Map<string, object>()
    const fn = restore({ module: await load(call.fn.code), values: call.fn.values }, { identities })
    const args = restore({ module: await load(call.args.code), values: call.args.values }, { identities })
    // The caller has captured a function and an array.
    const result: unknown = await (fn as (...args: unknown[]) => unknown)(...(args as unknown[]))
    return { kind: 'result', result: encodeValue(result) }
  } catch (error) {
    return { kind: 'error', message: String(error), stack: error instanceof Error ? (error.stack ?? '') : '' }
  }
}

const outcomes: Outcome[] = []
for (const call of calls) outcomes.push(await run(call))
process.stdout.write(`\n${JSON.stringify(outcomes)}`)
await rm(folder, { recursive: true, force: true })
