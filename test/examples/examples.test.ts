import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emulatorsMissing } from '../emulator/emulated-clients.ts'
import { shareService } from '../emulator/shared-service.ts'
import { pythonMissing } from '../suites/python-jobs.ts'
import { type Ran, runExample } from './run-example.ts'

interface Expected {
  readonly prints: RegExp
  readonly files: readonly string[]
  /** Why it cannot run here. */
  readonly missing?: () => string | undefined
}

/** What each example prints, and the files it leaves. */
const expected: Record<string, Expected> = {
  hello: { prints: /^success\n$/, files: ['loud.txt'] },
  executor: { prints: /^41 \+ 1 = 42\nsquare 0\n(.*\n)+graupel and hail\nmean 499.5\n/, files: [] },
  functions: {
    prints: /^430 measurements: 24\.97 ± 14\.52\n$/,
    files: ['coast.txt', 'east.txt', 'north.txt', 'report.json', 'south.txt', 'west.txt'],
  },
  'scatter-gather': { prints: /^success\n$/, files: ['greetings.txt'] },
  diamond: { prints: /^success\n$/, files: ['sum.txt'] },
  'nested-scatter': { prints: /^success 14\n$/, files: [] },
  'resource-groups': {
    prints: /^success\n$/,
    files: ['genome.bases', 'genome.names', 'input/genome.fasta', 'input/genome.index', 'lines.txt', 'only-bases.txt'],
  },
  'always-run': { prints: /^failure\nwork Failed .*\nnext Cancelled .*\nreport Success ?\n$/, files: ['report.txt'] },
  waiting: { prints: /^once, before all\nhello Alice\nhello Bob\nhello Dan\nonce, after all\n$/, files: [] },
  concatenate: { prints: /^11 jobs\none two three four five \n$/, files: ['words.txt'] },
  clumping: {
    prints: /^success\nCHR SNP BP P TOTAL SP2\n4 rs4_2_\d .*\n11 rs11_1_\d .*\n19 rs19_3_\d .*\n\n$/,
    files: ['clumped.txt', 'genotypes.tsv', 'gwas.assoc', 'gwas.bed', 'gwas.bim', 'gwas.fam', 'phenotypes.tsv'],
  },
  'random-forest': {
    prints: /^success: 200 jobs for 200 of 200 windows\n$/,
    files: ['features.tsv', 'labels.tsv', 'results.tsv'],
    missing: pythonMissing,
  },
  'word-statistics': { prints: /^\d+ READMEs in 24 parts\nsuccess in /, files: ['top.txt', 'words.txt'] },
}

/** What differs from run to run and from place to place: durations, and where the output lies. */
const comparable = ({ stdout, exitCode, files }: Ran, output: string) => ({
  exitCode,
  files,
  stdout: stdout.replaceAll(/\d+(\.\d+)? s;/g, '… s;').replaceAll(output, '<output>'),
})

test('every example is tried', () => {
  const present = readdirSync(new URL('../../examples', import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name !== 'example-arguments')
  expect(Object.keys(expected).sort()).toEqual(present.sort())
})

const printed = emulatorsMissing ? ` (${emulatorsMissing})` : ''
describe.skipIf(emulatorsMissing)(`an example prints and writes the same in both homes${printed}`, () => {
  const service = shareService()

  test.for(Object.entries(expected))('%s', async ([name, { prints, files, missing }], { skip }) => {
    const reason = missing?.()
    if (reason !== undefined) skip(reason)
    const ran = async (backend: 'local' | 'service') => {
      const output = join(service.folder(), `${name} ${backend}`)
      const result = await runExample(name, backend, output, service.env())
      expect(result.exitCode, result.stderr).toBe(0)
      return comparable(result, output)
    }
    const local = await ran('local')
    expect(local.stdout).toMatch(prints)
    expect(Object.keys(local.files).sort()).toEqual(files)
    expect(await ran('service')).toEqual(local)
  })
})
