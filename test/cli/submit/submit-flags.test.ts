import { describe, expect, test } from 'vitest'
import {
  checkOutputsAwaited,
  parseCloudfuse,
  parseFile,
  parseOutput,
  parsePairs,
} from '../../../client/src/cli/submit/submit-flags.ts'
import { runGraupel } from '../run-graupel.ts'

describe('what graupel submit is given', () => {
  test('a file is found by its own name, or by the one after its colon', () => {
    expect(parseFile('data/a.txt')).toEqual({ path: 'data/a.txt', name: 'a.txt' })
    expect(parseFile('data/a.txt:b.txt')).toEqual({ path: 'data/a.txt', name: 'b.txt' })
    expect(parseFile('gs://bucket/a.txt')).toEqual({ path: 'gs://bucket/a.txt', name: 'a.txt' })
    expect(parseFile('gs://bucket/a.txt:b.txt')).toEqual({ path: 'gs://bucket/a.txt', name: 'b.txt' })
  })

  test('an output goes where its colon says', () => {
    expect(parseOutput('a.txt:gs://bucket/a.txt')).toEqual({ name: 'a.txt', destination: 'gs://bucket/a.txt' })
  })

  test('a pair is divided at its first sign', () => {
    expect(parsePairs('env', ['A=1=2', 'B='])).toEqual({ A: '1=2', B: '' })
  })

  test('a bucket is mounted for writing unless it says otherwise', () => {
    expect(parseCloudfuse('bucket:/data')).toEqual({ bucket: 'bucket', mountPoint: '/data', readOnly: false })
    expect(parseCloudfuse('bucket:/data:ro')).toEqual({ bucket: 'bucket', mountPoint: '/data', readOnly: true })
  })

  test('an output for this machine needs somebody who waits for it', () => {
    const outputs = [{ name: 'a', destination: 'out/a' }]
    expect(() => checkOutputsAwaited(outputs, false)).toThrow('--output a:out/a is written by the program that waits')
    expect(() => checkOutputsAwaited(outputs, true)).not.toThrow()
    expect(() => checkOutputsAwaited([{ name: 'a', destination: 'gs://b/a' }], false)).not.toThrow()
  })

  const service = { GRAUPEL_PROJECT: 'p', GRAUPEL_REMOTE_TMPDIR: 'gs://b/tmp' }
  const refusals = [
    { args: ['--env', 'A', '--', 'true'], says: "--env 'A' is no pair: write --env name=value" },
    { args: ['--file', 'a/', '--', 'true'], says: "--file 'a/' has no file name ''" },
    { args: ['--output', 'a', '--', 'true'], says: "--output 'a' does not say where it goes" },
    { args: ['--cloudfuse', 'a', '--', 'true'], says: "--cloudfuse 'a' is no mount: write bucket:/path" },
    { args: ['--memory', '7 Gb', '--', 'true'], says: '7 Gb' },
    { args: ['--timeout', 'long', '--', 'true'], says: 'long' },
    { args: ['--retry', 'often', '--', 'true'], says: 'It must be a whole number from 0' },
    { args: [], says: "missing required argument 'command'" },
  ]
  for (const { args, says } of refusals)
    test(`${args.join(' ') || 'no command'} is refused before anything is sent`, async () => {
      const { exitCode, stdout, stderr } = await runGraupel(['submit', ...args], service)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain(says)
    })
})
