import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../client/src/cli/main.ts', import.meta.url))

export interface CommandResult {
  readonly exitCode: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Where neither the environment nor a file of the user names a service. */
export const bareEnvironment = { PATH: process.env.PATH, HOME: '/nonexistent', METADATA_SERVER_DETECTION: 'none' }

/** The command as a user runs it, without a terminal. */
export const runGraupel = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { ...bareEnvironment, ...env }, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr }),
    )
  })
