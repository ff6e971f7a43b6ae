import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { withoutEscapes } from '../template-text.ts'
import { dedent } from './dedent.ts'
import { factsOfSource } from './describe-source.ts'
import { PythonFunction } from './python-function.ts'
import { type PythonLiteral, writePythonLiteral } from './python-literal.ts'
import { scanFunctions } from './scan-source.ts'

/**
 * A Python function, written here. The last `def` at the top level is the one to call; what stands before it comes along.
 * The text is taken as it is written (`\n` reaches Python), without the white space that all lines begin with. A value
 * becomes a literal: put no quotes around it.
 *
 * @example
 * ```ts
 * import { Batch, python } from 'graupel'
 *
 * const unit = 'km'
 * const show = python`
 *   def show(distance):
 *       return f'{distance:.1f} ' + ${unit}
 * `
 * const batch = new Batch()
 * batch.writeOutput(batch.newPythonJob().call(show, 42.195).asStr(), 'out/distance.txt')
 * ```
 * @throws InvalidBatchError if it defines no function, or a value has no literal
 */
export function python(source: TemplateStringsArray, ...values: readonly PythonLiteral[]): PythonFunction {
  const texts = source.raw.map((raw, index) => {
    const text = withoutEscapes(raw)
    return index < values.length ? text + literalOf(values[index], index + 1) : text
  })
  const text = dedent(texts.join(''))
  if (!text.isWellFormed()) throw refused('holds half a character (a lone surrogate); repair the text.')
  const facts = factsOfSource(text)
  const name = (facts.kind === 'parsed' ? facts.functions : scanFunctions(text)).at(-1)
  if (name === undefined) throw refused('defines no function at its top level; write def name(…): ….')
  return new PythonFunction({ name, file: `<python ${name}>`, text, facts })
}

function literalOf(value: unknown, place: number): string {
  const literal = writePythonLiteral(value)
  if (literal !== undefined) return literal
  const what = typeof value === 'object' && value !== null ? `an object (${value.constructor?.name})` : String(value)
  throw refused(
    `has ${typeof value === 'function' ? 'a function' : what} as value ${place}; write null, a boolean, a number or a ` +
      'text there, and pass everything else as an argument of call.',
  )
}

const refused = (problem: string) => new InvalidBatchError({ message: `A python template ${problem}` })
