import { Batch, type BatchPlan, CyclicDependencyError, concatenate } from 'graupel'
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest'
import { RecordingBackend } from './recording-backend.ts'

let print: MockInstance<typeof console.log>
beforeEach(() => {
  print = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => print.mockRestore())

const planOf = (batch: Batch): Promise<BatchPlan> => batch.run({ dryRun: true })

test('a dry run prints and returns the plan, and runs nothing', async () => {
  const backend = new RecordingBackend()
  const batch = new Batch({ name: 'hello', backend })
  batch.newJob({ name: 'hello', cpu: 2 }).command`
    echo "hello world" |
      tr a-z A-Z`
  const plan = await planOf(batch)
  expect(plan).toMatchObject({ jobs: 1, edges: 0, mermaid: 'flowchart TD\n  j1["hello"]' })
  expect(plan.toString()).toBe(`Batch 'hello': 1 job, 0 dependencies. Nothing has been run or sent.
  kinds         1 bash
  ask for       2 cpu, 7.5 GiB of memory in all

Jobs, with 1 cpu and 3.75 GiB of memory per cpu unless told
  1. hello: cpu 2
       echo "hello world" |
         tr a-z A-Z`)
  expect(print.mock.calls).toEqual([[plan.toString()]])
  expect(backend.submissions).toEqual([])
  await batch.run()
  expect(backend.submissions).toHaveLength(1)
})

test('an empty plan says so', async () => {
  expect(String(await planOf(new Batch()))).toBe(
    'Batch (unnamed): 0 jobs, 0 dependencies. Nothing has been run or sent.',
  )
})

test('a plan tells the graph by layers and the jobs parents first, each with what sets it apart', async () => {
  const batch = new Batch({ name: 'b', defaultImage: 'i' })
  const last = batch.newJob({ name: 'last "one"', timeout: 60, storage: '1Gi', env: { SECRET: 'hidden' } })
  const first = batch.newJob({ outputs: ['a'], alwaysRun: true, machineType: 'n2-standard-2' })
  first.command`echo ${"it's"} > ${first.out.a}`
  last.command`cat ${first.out.a} ${batch.readInput('/dev/null')}`
  batch.newJob({ name: 'barrier' }).dependsOn(first, last)
  batch.writeOutput(first.out.a, '/a b')
  batch.writeOutput(first.out.a, 'gs://bucket/a')
  const plan = await planOf(batch)
  expect(plan).toMatchObject({ jobs: 3, edges: 3 })
  expect(plan.mermaid).toBe(`flowchart TD
  j1["job 1"]
  j2["last #34;one#34;"]
  j3["barrier"]
  j1 --> j2
  j1 --> j3
  j2 --> j3`)
  expect(plan.toString()).toBe(`Batch 'b': 3 jobs, 3 dependencies. Nothing has been run or sent.
  kinds         2 bash, 1 barrier
  ask for       1 cpu, 3.75 GiB of memory, 1 whole machine, 1 GiB of storage in all
  files         1 input read, 2 outputs written
  longest path  3 jobs: job 1 → last "one" → barrier
  every job     image i

Graph
  1. job 1
    2. last "one" ← 1
      3. barrier ← 1, 2

Jobs, with 1 cpu and 3.75 GiB of memory per cpu unless told
  1. job 1: n2-standard-2, always run
       echo 'it'\\''s' > 'BATCH_TMPDIR/2/a'
       writes a to /a b
       writes a to gs://bucket/a
  2. last "one": after 1, storage 1 GiB, env SECRET, timeout 60 s
       reads /dev/null
       cat 'BATCH_TMPDIR/2/a' 'BATCH_TMPDIR/inputs/1/null'
  3. barrier: after 1, 2
       (barrier)

Graph for Mermaid
${plan.mermaid.replaceAll(/^/gm, '  ')}`)
})

test.each([
  [{ cpu: 0.5, memory: 'highmem' }, 'cpu 0.5, memory 3.5 GiB'],
  [{ spot: false, regions: ['us-east1', 'us-west1'] }, 'not on a Spot machine, regions us-east1, us-west1'],
  [{ regions: 'any' }, 'region any'],
  [{ accelerator: { type: 'nvidia-l4', count: 2 } }, '2 × nvidia-l4'],
  [
    { shell: '/bin/sh', maxAttempts: 3, alwaysCopyOutput: true },
    'outputs copied even if it fails, at most 3 attempts, shell /bin/sh',
  ],
  [{ cloudfuse: [{ bucket: 'data', mountPoint: '/b' }] }, 'data at /b'],
  [{ checkpoint: true }, 'checkpoint every 300 s'],
  [{ retry: { failed: 2, exitCodes: { 75: 3 }, preempted: 1 } }, 'retry 2 × failed + 3 × exit code 75 + 1 × preempted'],
  [
    { retry: { outOfMemory: { upTo: '64Gi' }, infrastructure: 0, onDemandAfter: 1 } },
    'retry out of memory up to 64 GiB + 0 × infrastructure + on demand after 1',
  ],
] as const)('the settings %j are told as %s', async (options, text) => {
  const batch = new Batch()
  batch.newJob({ name: 'x', ...options }).command`true`
  expect(String(await planOf(batch))).toContain(`  1. x: ${text}\n`)
})

test('a plan of many jobs tells those that are alike as one, also in Mermaid where it would refuse so many', async () => {
  const batch = new Batch({ name: 'words' })
  const words = batch.readInput('/dev/null')
  const counts = Array.from({ length: 500 }, (_, part) => {
    const job = batch.newJob({ name: `count-${part}`, cpu: 0.5, outputs: ['counts'] })
    job.command`awk 'NR % 500 == ${part}' ${words} > ${job.out.counts}`
    return job.out.counts
  })
  const top = batch.newJob({ name: 'top', outputs: ['top'] })
  top.command`sort -rn ${concatenate(batch, counts)} | head > ${top.out.top}`
  batch.newJob({ name: 'count-special', cpu: 0.5 }).command`awk 1 ${words}`
  const plan = await planOf(batch)
  const text = String(plan)
  expect(text).toContain(`Batch 'words': 508 jobs, 506 dependencies.`)
  expect(text).toContain('  longest path  4 jobs: count-0 → concatenate-1-1 → concatenate-2-1 → top\n')
  expect(text).toContain(`
Graph
  1–500. count-0 … count-499 (500 jobs)
  508. count-special
    501–505. concatenate-1-1 … concatenate-1-5 (5 jobs) ← 1–500
      506. concatenate-2-1 ← 501–505
        507. top ← 506
`)
  expect(text).toContain(`
  1. count-0: cpu 0.5
       reads /dev/null
       awk 'NR % 500 == 0' 'BATCH_TMPDIR/inputs/1/null' > 'BATCH_TMPDIR/count-0-1/counts'
  2–500. 499 jobs like count-0: count-1 … count-499
  501. concatenate-1-1: after 1–100, shell /bin/sh
       cat 'BATCH_TMPDIR/count-0-1/counts' `)
  expect(text).toContain(` > 'BATCH_TMPDIR/concatenate-1-1-dy/all' (3,398 characters)\n`)
  expect(text.split('\n').length).toBeLessThan(40)
  expect(plan.mermaid).toBe(`flowchart TD
  j1["count-0 #8230; count-499 #40;500 jobs#41;"]
  j501["concatenate-1-1 #8230; concatenate-1-5 #40;5 jobs#41;"]
  j506["concatenate-2-1"]
  j507["top"]
  j508["count-special"]
  j1 --> j501
  j501 --> j506
  j506 --> j507`)
})

test('a plan tells a few of many inputs and of many lines', async () => {
  const batch = new Batch()
  const inputs = Array.from({ length: 8 }, () => batch.readInput('/dev/null'))
  batch.newJob({ name: 'x' }).command(`cat ${inputs.join(' ')}\n${'true\n'.repeat(60)}`)
  const text = String(await planOf(batch))
  expect(text.match(/reads \/dev\/null/g)).toHaveLength(5)
  expect(text).toContain('\n       … 3 more inputs\n')
  expect(text).toMatch(/\n {7}… 11 more lines$/)
})

test('a plan of an update tells the earlier jobs that its jobs wait for', async () => {
  const batch = new Batch({ backend: new RecordingBackend() })
  const first = batch.newJob({ name: 'first' }).command`true`
  await batch.run()
  batch.newJob({ name: 'second' }).dependsOn(first).command`true`
  expect(String(await planOf(batch))).toContain('  1. second: after 1 of an earlier run\n')
})

test('a dry run finds rings of jobs', async () => {
  const batch = new Batch()
  const hen = batch.newJob({ name: 'hen' })
  const egg = batch.newJob({ name: 'egg' }).dependsOn(hen)
  hen.dependsOn(egg)
  const run = planOf(batch)
  await expect(run).rejects.toThrow(CyclicDependencyError)
  await expect(run).rejects.toThrow(/^Jobs wait for each other in a ring: '\w+' → '\w+' → '\w+'; leave out one/)
  await expect(run).rejects.toMatchObject({ code: 'E_CYCLIC_DEPENDENCY', cycle: [{ name: 'hen' }, { name: 'egg' }] })
})

test('a long chain in the wrong order is planned without recursion, and told in bounds', async () => {
  const batch = new Batch()
  const jobs = Array.from({ length: 20_000 }, () => batch.newJob())
  for (const [index, job] of jobs.entries()) {
    const next = jobs[index + 1]
    if (next !== undefined) job.dependsOn(next)
  }
  const plan = await planOf(batch)
  expect(plan).toMatchObject({ jobs: 20_000, edges: 19_999 })
  expect(String(plan)).toContain(
    'longest path  20,000 jobs: job 1 → job 2 → job 3 → … → job 19998 → job 19999 → job 20000\n',
  )
  expect(String(plan)).toMatch(/\n {2}… 19,800 more jobs\n\nGraph for Mermaid: 40,000 lines, in the plan's mermaid$/)
  expect(String(plan).split('\n').length).toBeLessThan(1000)
})
