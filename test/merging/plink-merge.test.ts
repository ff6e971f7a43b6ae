import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Batch, InvalidBatchError, LocalBackend, type Plink, plinkMerge, type ResourceGroup } from 'graupel'
import { describe, expect, test } from 'vitest'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { runAnyway } from '../suites/home.ts'
import { type Copies, findPlink, writeGenotypes } from './genotypes.ts'

const makeFolder = useTemporaryFolders()
const { program } = await findPlink()

const groupOf = (batch: Batch, root = '/data/x'): ResourceGroup<Plink> =>
  batch.readInputGroup({ bed: `${root}.bed`, bim: `${root}.bim`, fam: `${root}.fam` })

describe('plinkMerge', () => {
  test('makes a tree of jobs, and a group at every depth', () => {
    const batch = new Batch()
    const groups = Array.from({ length: 5 }, () => groupOf(batch))
    const merged = plinkMerge(batch, groups, { branchingFactor: 2 })
    const names = batch.selectJobs('').map(({ name }) => name)
    expect(names).toEqual([
      ...[1, 2, 3].map((number) => `plink-merge-1-${number}`),
      ...[1, 2].map((number) => `plink-merge-2-${number}`),
      'plink-merge-3-1',
    ])
    expect(merged.source()?.name).toBe('plink-merge-3-1')
    expect(merged.bed.source()?.name).toBe('plink-merge-3-1')
  })

  test('returns a single group as it is, without a job', () => {
    const batch = new Batch()
    const group = groupOf(batch)
    expect(plinkMerge(batch, [group])).toBe(group)
    expect(batch.selectJobs('')).toEqual([])
  })

  const batch = new Batch({ name: 'own' })
  test.each([
    ['no groups', [], {}, 'plinkMerge: there are no groups to merge; pass an array of at least one.'],
    ['a factor of 1', [groupOf(batch)], { branchingFactor: 1 }, 'plinkMerge: the branchingFactor is 1; write a whole'],
    [
      'a group of another batch',
      [groupOf(batch), groupOf(new Batch({ name: 'other' }))],
      {},
      "plinkMerge: group 2 is of another batch, 'other'; let that one write it, and read it here.",
    ],
    [
      'a group that lacks a member',
      // As from JavaScript.
      [batch.readInputGroup({ bed: 'x', fam: 'y' }) as unknown as ResourceGroup<Plink>],
      {},
      "plinkMerge: group 1 has no member 'bim'; pass groups with the members bed, bim and fam.",
    ],
    [
      'a file',
      // As from JavaScript.
      [batch.readInput('x') as unknown as ResourceGroup<Plink>],
      {},
      'plinkMerge: group 1 is ',
    ],
  ])('refuses %s', (_, groups, options, message) => {
    expect(() => plinkMerge(batch, groups, options)).toThrow(InvalidBatchError)
    expect(() => plinkMerge(batch, groups, options)).toThrow(message)
  })
})

test('plinkMerge says in the log what is missing where there is no plink', async () => {
  await using backend = new LocalBackend({ tmpDir: await makeFolder(), cpus: 1 })
  const folder = await makeFolder()
  await writeGenotypes(join(folder, 'x'), { chromosome: 1, samples: ['s1'], variants: { rs1: [1] } })
  const batch = new Batch({ backend })
  const group = groupOf(batch, join(folder, 'x'))
  const merged = plinkMerge(batch, [group, group])
  const job = merged.source()
  if (job === undefined) throw new Error('no job')
  job.env('PATH', '/nowhere')
  const run = await runAnyway(batch)
  expect(await run.job(job).status()).toMatchObject({ state: 'Failed', exitCode: 127 })
  expect(await run.job(job).log()).toContain('plink 1.9 is not here; name an image that has it')
})

describe.skipIf(program === undefined)('plink', () => {
  test('writes a declared group by its root', async () => {
    const folder = await makeFolder()
    await using backend = new LocalBackend({ tmpDir: await makeFolder(), cpus: 1 })
    const batch = new Batch({ name: 'dummy', backend })
    const create = batch.newJob({
      name: 'create',
      resourceGroups: { bfile: { bed: '{root}.bed', bim: '{root}.bim', fam: '{root}.fam' } },
    })
    create.command`${program ?? ''} --dummy 10 100 --make-bed --out ${create.out.bfile}`
    batch.writeOutput(create.out.bfile, join(folder, 'dummy'))
    await batch.run({ progress: false })
    expect((await readFile(join(folder, 'dummy.fam'), 'utf8')).trimEnd().split('\n')).toHaveLength(10)
    expect((await readFile(join(folder, 'dummy.bim'), 'utf8')).trimEnd().split('\n')).toHaveLength(100)
    expect((await readFile(join(folder, 'dummy.bed'))).length).toBe(3 + 100 * 3)
  })

  test('merges five files of samples and variants, read and made, in pairs, at every depth', async () => {
    const folder = await makeFolder()
    const genotypes: Record<string, Record<string, Copies[]>> = {
      first: { rs1: [0, 1], rs2: [2, 2] },
      second: { rs3: [1, 0], rs4: [0, 2] },
      third: { rs5: [2, 1] },
      'fourth (with a space)': { rs6: [0, 0], rs7: [1, 1], rs8: [2, 0] },
      fifth: { rs9: [1, 2] },
    }
    const samples = ['Ada', 'Grace']
    for (const [index, [name, variants]] of Object.entries(genotypes).entries())
      await writeGenotypes(join(folder, name), { chromosome: index + 1, samples, variants })

    await using backend = new LocalBackend({ tmpDir: join(folder, 'a tmp (folder)'), cpus: 2 })
    const batch = new Batch({ name: 'merge', backend })
    const [first, ...rest] = Object.keys(genotypes).map((name) => groupOf(batch, join(folder, name)))
    if (first === undefined) throw new Error('no group')
    const copy = batch.newJob({
      name: 'copy',
      resourceGroups: { 'my own': { bed: 'b {root}', bim: '{root}.x', fam: '{root}.y' } },
    })
    const own = copy.output('my own')
    copy.command`cp ${first.bed} ${own.bed}; cp ${first.bim} ${own.bim}; cp ${first.fam} ${own.fam}`
    batch.writeOutput(plinkMerge(batch, [own, ...rest], { branchingFactor: 2 }), join(folder, 'all'))
    await batch.run({ progress: false })

    expect(await readFile(join(folder, 'all.fam'), 'utf8')).toMatch(/^Ada Ada .*\nGrace Grace .*\n$/)
    // Additive counts of the first allele, by sample: plink's own reading of what it merged.
    await promisify(execFile)(program ?? '', [
      '--bfile',
      join(folder, 'all'),
      '--recode',
      'A-transpose',
      '--keep-allele-order',
      '--out',
      join(folder, 'read'),
    ])
    const rows = (await readFile(join(folder, 'read.traw'), 'utf8')).trimEnd().split('\n').slice(1)
    const read = Object.fromEntries(
      rows.map((row) => {
        const [, name = '', , , counted, , ...copies] = row.split('\t')
        return [name, copies.map((text) => (counted === 'A' ? Number(text) : 2 - Number(text)))]
      }),
    )
    expect(read).toEqual(Object.assign({}, ...Object.values(genotypes)))
  })
})
