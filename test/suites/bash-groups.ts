import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const resourceGroups = { files: { in1: '{root}.in1', in2: '{root}.in2' } } as const

export function testBashGroups(bench: Bench): void {
  test('a group is written member by member, each with its name at the end', async () => {
    const batch = bench.newBatch()
    const group = batch.readInputGroup({ in1: await bench.write('w1', '1'), in2: await bench.write('w2', '2') })
    batch.writeOutput(group, bench.path('written'))
    await batch.run(quiet)
    expect(await bench.read('written.in1')).toBe('1')
    expect(await bench.read('written.in2')).toBe('2')
  })

  test('a declared group and one member of it are written', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'make', resourceGroups })
    job.command`echo a > ${job.out.files}.in1; echo b > ${job.out.files.in2}`
    batch.writeOutput(job.out.files, bench.path('declared'))
    batch.writeOutput(job.out.files.in1, bench.path('member'))
    await batch.run(quiet)
    expect(await bench.read('declared.in1')).toBe('a\n')
    expect(await bench.read('declared.in2')).toBe('b\n')
    expect(await bench.read('member')).toBe('a\n')
  })

  test('whoever reads one member has all of them', async () => {
    const batch = bench.newBatch()
    const make = batch.newJob({ name: 'make', resourceGroups })
    make.command`echo a > ${make.out.files.in1}; echo b > ${make.out.files.in2}`
    const read = batch.newJob({ name: 'read', outputs: ['all'] })
    read.command`f=${make.out.files.in1}; cat "$f" "\${f%.in1}.in2" > ${read.out.all}`
    batch.writeOutput(read.out.all, bench.path('all-members'))
    await batch.run(quiet)
    expect(await bench.read('all-members')).toBe('a\nb\n')
  })

  test('a whole group made by one job is read by member in the next', async () => {
    const batch = bench.newBatch()
    const make = batch.newJob({ name: 'make', resourceGroups })
    make.command`root=${make.out.files}; echo 1 > $root.in1; echo 2 > $root.in2`
    const read = batch.newJob({ name: 'read', outputs: ['sum'] })
    read.command`cat ${make.out.files.in1} ${make.out.files.in2} > ${read.out.sum}`
    batch.writeOutput(read.out.sum, bench.path('sum'))
    await batch.run(quiet)
    expect(await bench.read('sum')).toBe('1\n2\n')
  })
}
