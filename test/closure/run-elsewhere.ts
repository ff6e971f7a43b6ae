import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Captured, capture } from '../../client/src/closure/capture.ts'
import { decodeValue } from '../../client/src/values/decode-value.ts'

export interface CapturedCall {
  readonly fn: Captured
  readonly args: Captured
}

export type Outcome =
  | { readonly kind: 'result'; readonly result: string }
  | { readonly kind: 'error'; readonly message: string; readonly stack: string }

export function captureCall(fn: unknown, args: readonly unknown[] = []): CapturedCall {
  return {
    fn: capture(fn, { job: undefined, label: 'the function' }),
    args: capture(args, { job: undefined, label: 'the arguments' }),
  }
}

/** Runs captured calls in a process of their own, which has nothing but what was captured. */
export function runElsewhere(calls: readonly CapturedCall[], execPath = process.execPath): Outcome[] {
  const flags =
    process.features.typescript === false || execPath !== process.execPath || process.version.startsWith('v22')
      ? ['--experimental-strip-types', '--no-warnings']
      : []
  const output = execFileSync(execPath, [...flags, join(import.meta.dirname, 'restore-process.ts')], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    cwd: tmpdir(),
    maxBuffer: 2 ** 28,
  })
  // What the process above has written in its last line.
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Outcome[]
}

export function resultOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined) throw new Error('no outcome')
  if (outcome.kind === 'error') throw new Error(`elsewhere: ${outcome.stack}`)
  return decodeValue(outcome.result)
}
