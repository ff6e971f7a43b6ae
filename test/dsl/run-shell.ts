import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface ShellEnd {
  readonly output: string
  readonly errors: string
  readonly exitCode: number | null
}

/** Runs a script by a shell, read from its standard input: an argument would be limited to 128 KiB. */
export async function runShell(shell: string, script: string): Promise<ShellEnd> {
  const child = spawn(shell, ['-s'], { env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } })
  const closed = once(child, 'close')
  child.stdin.end(script)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  await closed
  return { output, errors, exitCode: child.exitCode }
}
