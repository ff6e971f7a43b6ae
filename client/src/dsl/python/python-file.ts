import { readFileSync } from 'node:fs'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { locateOrRefuse } from '../add-input.ts'
import { locate, type PathLike } from '../location.ts'
import { nearestHint } from '../nearest-name.ts'
import { factsOfSource } from './describe-source.ts'
import { PythonFunction } from './python-function.ts'
import { mentionsWord } from './scan-source.ts'
import type { SourceFacts } from './source-facts.ts'

/**
 * A function, or anything else that can be called, of a Python file: relative paths start at the current directory, `~/`
 * at home. The file is read now and travels as it is; its neighbours do not: what it imports is in the job's image.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs'
 * import { Batch, pythonFunction } from 'graupel'
 *
 * writeFileSync('stats.py', 'def mean(values):\n    return sum(values) / len(values)\n')
 * const mean = pythonFunction('stats.py', 'mean')
 * const batch = new Batch()
 * batch.writeOutput(batch.newPythonJob().call(mean, [1, 2, 4.5]).asJson(), 'out/mean.json')
 * ```
 * @throws InvalidBatchError if the file cannot be read, or does not define the name at its top level
 */
export function pythonFunction(file: PathLike, name: string): PythonFunction {
  const shown = file instanceof URL ? decodeURIComponent(file.pathname) : file
  const text = readText(file)
  const facts = factsOfSource(text)
  const problem = problemOfName(name, text, facts)
  if (problem !== undefined) throw refused(`the file '${shown}' does not define ${problem}`)
  return new PythonFunction({ name, file: shown, text, facts })
}

function readText(file: PathLike): string {
  const { uri } = locateOrRefuse('pythonFunction', file, locate)
  if (!uri.startsWith('file://')) throw refused(`'${file}' is in the cloud; functions come from files of this machine.`)
  let content: Uint8Array
  try {
    content = readFileSync(uri.slice('file://'.length))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : String(error)
    throw refused(`the file '${file}' cannot be read (${code}); check its name and permissions.`, error)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch (error) {
    throw refused(`the file '${file}' is not UTF-8 text; save it as that.`, error)
  }
}

/** To follow "does not define". */
function problemOfName(name: string, text: string, facts: SourceFacts): string | undefined {
  if (facts.kind === 'parsed') {
    if (facts.isOpen || facts.names.includes(name)) return undefined
    return `'${name}' at its top level${nearestHint(name, facts.names)}`
  }
  return mentionsWord(text, name) ? undefined : `'${name}'; check its name.`
}

const refused = (problem: string, cause?: unknown) =>
  new InvalidBatchError({ message: `pythonFunction: ${problem}`, ...(cause !== undefined && { cause }) })
