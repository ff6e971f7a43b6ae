import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Batch, ServiceBackend } from 'graupel'
import { describe, expect, test, vi } from 'vitest'
import { runGraupel } from '../cli/run-graupel.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

describe.skipIf(emulatorsMissing)('graupel submit and the emulated service', () => {
  const service = shareService()

  test('a command runs with its files, its words as they are, and its output comes home', async () => {
    const input = join(service.folder(), 'in put.txt')
    const output = join(service.folder(), 'out.txt')
    await writeFile(input, 'pear\napple\n')
    const script = 'sort words.txt > sorted; echo "$1 $GREETING"'
    const options = ['--wait', '-q', '--file', `${input}:words.txt`, '--output', `sorted:${output}`]
    const args = ['submit', ...options, '--env', 'GREETING=good day', '--', 'sh', '-c', script, 'sh', "it's"]
    expect(await runGraupel(args, service.env())).toEqual({ exitCode: 0, stdout: "it's good day\n", stderr: '' })
    expect(await readFile(output, 'utf8')).toBe('apple\npear\n')
  })

  test('without --wait it prints the id, and the same token finds the same batch', async () => {
    const submit = () => runGraupel(['submit', '--token', 'once', '--', 'true'], service.env())
    const [first, second] = [await submit(), await submit()]
    expect(first.stdout).toMatch(/^[a-z0-9]{8,40}\n$/)
    expect(first.stderr).toContain(`graupel wait ${first.stdout.trim()}`)
    expect(second.stdout).toBe(first.stdout)
    expect((await runGraupel(['wait', first.stdout.trim()], service.env())).exitCode).toBe(0)
  })

  test('a command that fails is told by the exit code and as JSON', async () => {
    const { exitCode, stdout } = await runGraupel(
      ['submit', '--wait', '--json', '--', 'sh', '-c', 'echo no; exit 3'],
      service.env(),
    )
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failure', exitCode: 3, log: 'no\n' })
  })

  test('a batch is opened in the browser that the environment names, as soon as it is submitted', async () => {
    const opened = join(service.folder(), 'opened')
    const browser = join(service.folder(), 'browser')
    await writeFile(browser, `#!/bin/sh\necho "$1" > '${opened}'\n`)
    await chmod(browser, 0o755)
    await using backend = new ServiceBackend({}, { ...service.env(), BROWSER: browser })
    const run = await new Batch({ backend }).run({ open: true })
    const page = await vi.waitFor(async () => {
      const text = await readFile(opened, 'utf8')
      expect(text).toMatch(/\n$/)
      return text.trim()
    })
    expect(await (await fetch(page)).json()).toMatchObject({ id: run.id })
  })
})
