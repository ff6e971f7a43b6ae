import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { emulatorsMissing } from './emulated-clients.ts'
import { startEmulate } from './run-command.ts'

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Runs a batch, then every command about it. Each line that follows `> ` is a command or its exit code. */
const script = `
graupel() { echo "> $*"; "$NODE" "$GRAUPEL" "$@"; echo "> exit $?"; }
graupel get @latest
"$NODE" "$PROGRAM" > /dev/null
graupel list --json
graupel jobs @latest -q 'state = bad' --json
graupel job @latest 4
graupel attempts @latest 5 --json
graupel log @latest 4
graupel log @latest 4 --follow
graupel wait @latest --json
graupel job @latest 99
graupel delete @latest
graupel list --json
`

describe.skipIf(emulatorsMissing)('the command line and the emulated service', () => {
  test('a batch can be listed, shown, read, waited for and deleted', async () => {
    const variables = [
      `NODE=${process.execPath}`,
      `GRAUPEL=${fromHere('../../client/src/cli/main.ts')}`,
      `PROGRAM=${fromHere('fixtures/word-sort.ts')}`,
    ]
    const { stdout, stderr } = await startEmulate(['env', ...variables, 'sh', '-c', script]).ended
    const answers = new Map(
      [...stdout.matchAll(/^> (?!exit)(.*)\n([\s\S]*?)^> exit (\d+)$/gm)].map(
        ([, command = '', text = '', code]) => [command, { text, code: Number(code) }] as const,
      ),
    )
    const answer = (command: string) => answers.get(command) ?? { text: `no answer: ${stderr}`, code: -1 }
    expect(answer('get @latest').code).toBe(3)
    expect(JSON.parse(answer('jobs @latest -q state = bad --json').text)).toMatchObject({ name: 'wrong', exitCode: 3 })
    expect(answer('job @latest 4').text).toMatch(/^state {6}Success$/m)
    expect(JSON.parse(answer('attempts @latest 5 --json').text)).toMatchObject({ attempt: 1, exitCode: 3 })
    expect(answer('log @latest 4')).toEqual({ text: 'apple\nfig\npear\n', code: 0 })
    expect(answer('log @latest 4 --follow')).toEqual({ text: 'apple\nfig\npear\n', code: 0 })
    expect(JSON.parse(answer('wait @latest --json').text)).toMatchObject({ state: 'failure', counts: { success: 4 } })
    expect(answer('wait @latest --json').code).toBe(1)
    expect(answer('job @latest 99').code).toBe(2)
    expect(answer('delete @latest').code).toBe(0)
    expect(answer('list --json')).toEqual({ text: '', code: 0 })
  })
})
