import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const repository = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** Runs a program to its end; rejects with what it said if it fails. Longest: two hours. */
export async function runCommand(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  console.error(`$ ${[program, ...args].join(' ')}`)
  const options = { cwd: repository, env, maxBuffer: 2 ** 26, timeout: 2 * 3600_000 }
  const { stdout } = await run(program, [...args], options)
  return stdout
}

/** `graupel` of this repository. */
export const graupel = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
  runCommand(process.execPath, [join(repository, 'client/src/cli/main.ts'), ...args], env)
