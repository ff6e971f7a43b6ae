import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runnerBundle } from './runner-bundle.ts'

/** The package has it built, beside its other programs; the repository builds it when it is first needed. */
const isBuilt = !import.meta.url.endsWith('.ts')
const isInProgram = !import.meta.url.includes('/execution/calls/')
const builtFile = new URL(isInProgram ? './call-runner.cjs' : '../../programs/call-runner.cjs', import.meta.url)

let text: Promise<string> | undefined

/** The program that calls functions, in one file. */
export function nodeRunnerText(): Promise<string> {
  text ??= isBuilt ? readFile(builtFile, 'utf8') : bundle()
  return text
}

async function bundle(): Promise<string> {
  const { buildSync } = await import('esbuild')
  const entry = fileURLToPath(new URL('./runner/main.ts', import.meta.url))
  const { outputFiles } = buildSync({ ...runnerBundle(entry), write: false })
  return outputFiles.map((file) => file.text).join('')
}
