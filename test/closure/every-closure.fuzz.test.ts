import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { randomProgram } from './random-program.ts'

const seeds = Number(process.env.CLOSURE_SEED ?? 1)
const programs = Number(process.env.CLOSURE_PROGRAMS ?? 300)
const perProcess = 100

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'graupel-closures-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Outcome {
  readonly same: number
  readonly refusals: readonly string[]
  readonly differences: readonly { readonly program: string; readonly fn: string }[]
}

function runAll(texts: readonly string[]): Outcome {
  const paths = texts.map((text, index) => {
    const path = join(folder, `program-${index}.mjs`)
    writeFileSync(path, `const capture = globalThis.captureInProgram\n${text}\n`)
    return path
  })
  const output = execFileSync(process.execPath, [join(import.meta.dirname, 'run-programs.ts'), ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  // What the program above prints.
  return JSON.parse(output) as Outcome
}

test('a random program’s functions do elsewhere what they do here, or are refused by name', () => {
  const texts = fc.sample(randomProgram, { seed: seeds, numRuns: programs })
  let [same, refused] = [0, 0]
  for (let start = 0; start < texts.length; start += perProcess) {
    const outcome = runAll(texts.slice(start, start + perProcess))
    expect(outcome.differences.slice(0, 3)).toEqual([])
    for (const refusal of outcome.refusals)
      expect(refusal).toMatch(/^The function cannot be taken into a job: .+; .+\.$/)
    same += outcome.same
    refused += outcome.refusals.length
  }
  // Neither all nor nothing is refused.
  expect(same).toBeGreaterThan(programs)
  expect(refused).toBeGreaterThan(programs / 10)
})
