import { Encoder } from '../values/encoder.ts'
import { Place } from '../values/place.ts'
import type { CaptureOptions } from './capture-options.ts'
import { CaptureRun } from './capture-run.ts'
import { CaptureWorld } from './capture-world.ts'
import { codeOf } from './code-of.ts'
import { extendWith } from './extend-with.ts'
import type { FunctionForm } from './function-form.ts'
import { refusing } from './refusal-at.ts'
import { Trials } from './trials.ts'

/** A function, or anything with functions in it, as data: it can be made again where nothing but Node is. */
export interface Captured {
  /** Text of one ES module without imports but Node's, with an inline source map. Undefined: no function is in it. */
  readonly code: string | undefined
  /** What `restore` needs beside the code, as text. */
  readonly values: string
}

let world: CaptureWorld | undefined

/**
 * Takes a value along with all functions and classes in it, and with the variables that they use, as they are now.
 *
 * @throws UnserializableFunctionError for what would not be the same in the job
 */
export function capture(value: unknown, options: CaptureOptions): Captured {
  world ??= new CaptureWorld()
  world.requiredModules.refresh()
  const run = new CaptureRun(world, new Trials(world, options).isCapturable)
  return refusing(options, () => {
    const encoder = new Encoder(extendWith(run, options))
    const values = encoder.encode(value, new Place(undefined, ''))
    return { code: codeFor(run.forms, run.required), values }
  })
}

const codes = new Map<string, string>()
const formNumbers = new Map<FunctionForm, number>()

/** The same functions have the same code, which is written, and bundled, once. */
function codeFor(forms: readonly FunctionForm[], required: readonly string[]): string | undefined {
  if (forms.length === 0 && required.length === 0) return undefined
  const key = JSON.stringify([forms.map(numberOf), required])
  const code = codes.get(key) ?? codeOf(forms, required)
  codes.set(key, code)
  return code
}

function numberOf(form: FunctionForm): number {
  const number = formNumbers.get(form) ?? formNumbers.size
  formNumbers.set(form, number)
  return number
}
