// Runs programs (their paths come as arguments) that capture functions; then runs what was captured elsewhere, and tells
// what was the same, what was refused, and what was not the same.
import { pathToFileURL } from 'node:url'
import { UnserializableFunctionError } from '../../client/src/errors/unserializable-function-error.ts'
import { encodeValue } from '../../client/src/values/encode-value.ts'
import { type CapturedCall, captureCall, runElsewhere } from './run-elsewhere.ts'

interface Taken {
  readonly program: string
  readonly fn: () => unknown
  readonly call: CapturedCall | string
}

const taken: Taken[] = []

async function runProgram(program: string): Promise<void> {
  const capture = (fn: () => unknown): void => {
    try {
      taken.push({ program, fn, call: captureCall(fn) })
    } catch (error) {
      if (!(error instanceof UnserializableFunctionError)) throw error
      taken.push({ program, fn, call: error.message })
    }
  }
  Reflect.set(globalThis, 'captureInProgram', capture)
  await import(`${pathToFileURL(program)}`)
}

function here(fn: () => unknown): string {
  try {
    return encodeValue(fn())
  } catch (error) {
    return String(error)
  }
}

for (const program of process.argv.slice(2)) await runProgram(program)
const kept = taken.flatMap(({ program, fn, call }) => (typeof call === 'string' ? [] : [{ program, fn, call }]))
const outcomes = runElsewhere(kept.map(({ call }) => call))
const differences = kept.flatMap(({ program, fn }, index) => {
  const outcome = outcomes[index]
  const there = outcome?.kind === 'result' ? outcome.result : outcome?.message
  const expected = here(fn)
  return there === expected ? [] : [{ program, fn: String(fn), expected, there }]
})
const refusals = taken.flatMap(({ call }) => (typeof call === 'string' ? [call] : []))
console.log(JSON.stringify({ same: kept.length - differences.length, refusals, differences }))
