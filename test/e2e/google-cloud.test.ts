import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, 'google-cloud/main.ts')

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
    const { GRAUPEL_E2E_PROJECT: _, ...rest } = process.env
    execFile(process.execPath, [script, ...args], { env: { ...rest, ...env } }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr }),
    )
  })

test('the run on a real project tells its steps and its cost, and does nothing unless it is asked to', async () => {
  for (const [args, env] of [
    [['--run'], {}],
    [[], { GRAUPEL_E2E_PROJECT: 'my-project' }],
  ] as const) {
    const { exitCode, stdout } = await run(args, env)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^ {2}deploy .*\n {2}doctor .*\n {2}examples .*[\s\S]*\n {2}destroy .*\nAt most \$\d+\.\d\d in all\n/m,
    )
    expect(stdout).toMatch(/Nothing is done: set GRAUPEL_E2E_PROJECT and add --run\n$/)
  }
})

test('every run has a prefix of its own, for names of what was deleted are blocked', async () => {
  const prefixes = await Promise.all([run([]), run([])])
  const [first, second] = prefixes.map(
    ({ stdout }) => /as '(graupel-e2e-[0-9a-f]{4})' in us-central1/.exec(stdout)?.[1],
  )
  expect(first).toBeDefined()
  expect(second).not.toBe(first)
})

test('it refuses to begin where it could cost more than it may', async () => {
  const { exitCode, stderr } = await run(['--run', '--machines', '100000'], { GRAUPEL_E2E_PROJECT: 'my-project' })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('That is more than --max-usd 10: raise it, or take fewer --machines')
})
