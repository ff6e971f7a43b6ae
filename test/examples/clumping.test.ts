import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { findPlink } from '../merging/genotypes.ts'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { runExample } from './run-example.ts'

const makeFolder = useTemporaryFolders()
const { program } = await findPlink()

/** A table whose first line names its columns. */
function readTable(text: string): Record<string, string>[] {
  const [titles = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return rows.map((row) => Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ''])))
}

/** Two numbers that are the same to so many digits. */
const isNear = (left: unknown, right: unknown, digits: number): boolean =>
  Math.abs(Number(left) - Number(right)) <= 10 ** -digits * Math.abs(Number(right)) + 1e-12

describe('the clumping example', () => {
  let folder = ''
  let clumped: Record<string, string>[] = []
  let associations: Record<string, string>[] = []

  beforeAll(async () => {
    folder = await makeFolder()
    const { exitCode, stderr } = await runExample('clumping', 'local', folder, process.env)
    expect(exitCode, stderr).toBe(0)
    clumped = readTable(await readFile(join(folder, 'clumped.txt'), 'utf8'))
    associations = readTable(await readFile(join(folder, 'gwas.assoc'), 'utf8'))
  })

  test('finds each of the three places that make ill, and no other', () => {
    const found = clumped.map(({ SNP, TOTAL, SP2 }) => ({
      block: SNP?.replace(/_\d+$/, ''),
      TOTAL,
      members: SP2?.split(',').length,
    }))
    expect(found).toEqual(['rs4_2', 'rs11_1', 'rs19_3'].map((block) => ({ block, TOTAL: '4', members: 4 })))
  })

  test('counts alleles as its simulated people have them', async () => {
    const people = readTable(await readFile(join(folder, 'genotypes.tsv'), 'utf8'))
    const phenotypes = (await readFile(join(folder, 'phenotypes.tsv'), 'utf8')).trim().split('\n')
    const ill = phenotypes
      .map((line) => line.split('\t'))
      .flatMap(([name = '', state]) => (state === '2' ? [name] : []))
    expect(ill.length).toBeGreaterThan(100)
    expect(associations).toHaveLength(people.length)
    for (const [index, variant] of people.entries()) {
      const copies = ill.reduce((sum, name) => sum + Number(variant[name]), 0)
      expect(isNear(associations[index]?.F_A, copies / (2 * ill.length), 4), variant.id).toBe(true)
    }
  })

  test.skipIf(program === undefined)('agrees with plink on every variant and every clump', async () => {
    const plink = (...args: string[]) =>
      promisify(execFile)(program ?? '', ['--bfile', 'gwas', '--out', 'plink', ...args], { cwd: folder })
    await plink('--assoc', '--keep-allele-order')
    const theirs = readTable(await readFile(join(folder, 'plink.assoc'), 'utf8'))
    expect(theirs.map(({ SNP, A1 }) => [SNP, A1])).toEqual(associations.map(({ SNP, A1 }) => [SNP, A1]))
    for (const [index, row] of theirs.entries())
      for (const column of ['F_A', 'F_U', 'CHISQ', 'P', 'OR'])
        expect(isNear(associations[index]?.[column], row[column], 3), `${row.SNP} ${column}`).toBe(true)

    await plink('--clump', 'gwas.assoc', '--clump-p1', '1e-4')
    const names = (rows: Record<string, string>[]) =>
      rows.map(({ SNP, TOTAL, SP2 }) => [SNP, TOTAL, SP2?.replaceAll('(1)', '')]).sort()
    expect(names(readTable(await readFile(join(folder, 'plink.clumped'), 'utf8')))).toEqual(names(clumped))
  })
})
