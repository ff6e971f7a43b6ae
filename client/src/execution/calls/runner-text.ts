import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runnerBundle } from './runner-bundle.ts'

const own = import.meta.url

/** The package has it built, beside its other programs, of which this may be a part. */
const builtFile = new URL(
  own.endsWith('/execution/calls/runner-text.js') ? '../../programs/call-runner.cjs' : './call-runner.cjs',
  own,
)

let text: Promise<string> | undefined

/** The program that calls functions, in one file. */
export function nodeRunnerText(): Promise<string> {
  text ??= own.endsWith('.ts') ? bundle() : readFile(builtFile, 'utf8')
  return text
}

/** The repository needs no build: it makes the program when it is first needed. */
async function bundle(): Promise<string> {
  const { buildSync } = await import('esbuild')
  const entry = fileURLToPath(new URL('./runner/main.ts', own))
  const { outputFiles } = buildSync({ ...runnerBundle(entry), write: false })
  return outputFiles.map((file) => file.text).join('')
}
