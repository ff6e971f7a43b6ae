import { relative } from 'node:path'
import { type Batch, concatenate, type ResourceFile } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, statesOf } from './home.ts'

/** The programs by which Hail Batch is taught, as far as they are jobs of commands. */
export function testDocumentation(bench: Bench): void {
  testOrder(bench)
  testScatter(bench)
  testFiles(bench)
  testGroups(bench)
}

function testOrder(bench: Bench): void {
  test('hello: one job with a name prints', async () => {
    const batch = bench.newBatch({ name: 'hello' })
    const hello = batch.newJob({ name: 'hello' }).command`echo "hello world"`
    const run = await batch.run(quiet)
    expect(await run.status()).toMatchObject({ name: 'hello', state: 'success' })
    expect(await run.job(hello).status()).toMatchObject({ name: 'hello', state: 'Success', exitCode: 0 })
    expect(await run.job(hello).log()).toBe('hello world\n')
  })

  test('hello in parallel: two jobs have nothing to do with each other', async () => {
    const batch = bench.newBatch({ name: 'hello-parallel' })
    const jobs = [1, 2].map((i) => batch.newJob({ name: `hello${i}` }).command`echo "hello world ${i}"`)
    const run = await batch.run(quiet)
    const logs = await Promise.all(jobs.map((job) => run.job(job).log()))
    expect(logs).toEqual(['hello world 1\n', 'hello world 2\n'])
  })

  test('hello in a row: the second job begins when the first has ended', async () => {
    const batch = bench.newBatch({ name: 'hello-serial' })
    const first = batch.newJob({ name: 'first' }).command`echo "hello world 1"`
    const second = batch.newJob({ name: 'second' }).command`echo "hello world 2"`
    second.dependsOn(first)
    const run = await batch.run(quiet)
    const [before, after] = [await run.job(first).status(), await run.job(second).status()]
    expect(after.startedAt?.getTime()).toBeGreaterThanOrEqual(before.endedAt?.getTime() ?? Number.NaN)
  })
}

const people = ['Alice', 'Bob', 'Dan']

function testScatter(bench: Bench): void {
  test('scatter, and gather by waiting: a sink waits for jobs whose files it does not read', async () => {
    const batch = bench.newBatch({ name: 'scatter-gather' })
    const hellos = people.map((name) => batch.newJob({ name }).command`echo "hello ${name}"`)
    batch.newJob({ name: 'sink' }).dependsOn(...hellos).command`echo "I wait for everyone"`
    const run = await batch.run(quiet)
    expect(await statesOf(run)).toEqual({ Alice: 'Success', Bob: 'Success', Dan: 'Success', sink: 'Success' })
    expect(await run.job(hellos[1] ?? 0).log()).toBe('hello Bob\n')
  })

  test('scatter, and gather by files that are joined as texts', async () => {
    const batch = bench.newBatch({ name: 'gather-files' })
    const files = people.map((name) => {
      const job = batch.newJob({ name, outputs: ['ofile'] })
      job.command`echo "hello ${name}" > ${job.out.ofile}`
      return job.out.ofile
    })
    const sink = batch.newJob({ name: 'sink' })
    sink.command(`cat ${files.join(' ')}`)
    const run = await batch.run(quiet)
    expect(await run.job(sink).log()).toBe('hello Alice\nhello Bob\nhello Dan\n')
  })

  test('nested scatter: a function that is given the batch adds jobs to it', async () => {
    const batch = bench.newBatch({ name: 'nested-scatter' })
    const chores = ['make-bed', 'do-laundry', 'grocery-shop']
    for (const name of people) addChores(batch, name, chores)
    const run = await batch.run(quiet)
    expect((await run.status()).counts.success).toBe(9)
    const [laundry] = batch.selectJobs(/^Bob-do-laundry$/)
    expect(await run.job(laundry ?? 0).log()).toBe('user Bob is doing chore do-laundry\n')
  })
}

function addChores(batch: Batch, name: string, chores: readonly string[]): void {
  for (const chore of chores)
    batch.newJob({ name: `${name}-${chore}` }).command`echo "user ${name} is doing chore ${chore}"`
}

function testFiles(bench: Bench): void {
  test('an output goes to a path that starts at the current directory', async () => {
    const batch = bench.newBatch({ name: 'hello-output' })
    const job = batch.newJob({ name: 'hello', outputs: ['ofile'] })
    job.command`echo "hello" > ${job.out.ofile}`
    batch.writeOutput(job.out.ofile, relative(process.cwd(), bench.path('output/hello.txt')))
    await batch.run(quiet)
    expect(await bench.read('output/hello.txt')).toBe('hello\n')
  })

  test('several commands make temporary files in one job, and put them together', async () => {
    const batch = bench.newBatch({ name: 'temporaries' })
    const job = batch.newJob({ name: 'three', outputs: ['tmp1', 'tmp2', 'tmp3', 'ofile'] })
    job.command`echo hello > ${job.out.tmp1}`
    job.command`echo world > ${job.out.tmp2}`
    job.command`echo "!" > ${job.out.tmp3}`
    job.command`cat ${[job.out.tmp1, job.out.tmp2, job.out.tmp3]} > ${job.out.ofile}`
    batch.writeOutput(job.out.ofile, bench.path('three.txt'))
    await batch.run(quiet)
    expect(await bench.read('three.txt')).toBe('hello\nworld\n!\n')
  })

  test('three files are concatenated, two at a time', async () => {
    const batch = bench.newBatch({ name: 'concatenate' })
    const files: ResourceFile[] = [1, 2, 3].map((i) => {
      const job = batch.newJob({ name: `make-${i}` })
      job.command`echo ${i} > ${job.output('ofile')}`
      return job.output('ofile')
    })
    batch.writeOutput(concatenate(batch, files, { branchingFactor: 2 }), bench.path('concatenated.txt'))
    const run = await batch.run(quiet)
    expect((await run.status()).counts.success).toBe(3 + 2 + 1)
    expect(await bench.read('concatenated.txt')).toBe('1\n2\n3\n')
  })
}

function testGroups(bench: Bench): void {
  test('two jobs each read one member of an input group, and have all of it', async () => {
    const batch = bench.newBatch({ name: 'input-group' })
    const genome = batch.readInputGroup({
      fasta: await bench.write('hg.fasta', '>chr1\nACGT\n'),
      idx: await bench.write('hg.fasta.idx', 'chr1 4\n'),
    })
    const jobs = [genome.fasta, genome.idx].map((member, index) => {
      const job = batch.newJob({ name: `read-${index}` })
      return job.command`head -n 1 ${member}; cat ${genome}.fasta ${genome}.idx | wc -l`
    })
    const run = await batch.run(quiet)
    const logs = await Promise.all(jobs.map((job) => run.job(job).log()))
    expect(logs.map((log) => log.split(/\s+/))).toEqual([
      ['>chr1', '3', ''],
      ['chr1', '4', '3', ''],
    ])
  })

  test('a member whose name has a dot is reached by its name in brackets', async () => {
    const batch = bench.newBatch({ name: 'extensions' })
    const files = batch.readInputGroup({ 'txt.gz': await bench.write('hello.txt.gz', 'hello'), txt: '/dev/null' })
    const job = batch.newJob({
      name: 'copy',
      resourceGroups: { copies: { 'txt.gz': '{root}.txt.gz', log: '{root}.log' } },
    })
    job.command`cp ${files['txt.gz']} ${job.out.copies['txt.gz']}; echo done > ${job.out.copies.log}`
    batch.writeOutput(job.out.copies, bench.path('copy'))
    await batch.run(quiet)
    expect(await bench.read('copy.txt.gz')).toBe('hello')
    expect(await bench.read('copy.log')).toBe('done\n')
  })
}
