// Cases for the compiler, never run: what must compile, and below each `@ts-expect-error` what must not. They hold with
// every strict flag and with none.
import {
  Backend,
  BashJob,
  Batch,
  BatchError,
  BatchFailedError,
  type BatchPlan,
  type BatchStatus,
  type InputResourceFile,
  type Job,
  type JobResourceFile,
  ResourceFile,
  ResourceGroup,
  RunningBatch,
  raw,
} from 'graupel'
import { is } from './same.ts'

const batch = new Batch({ name: 'x' })
const job = batch.newJob({ outputs: ['left', 'right'] })
const open = batch.newJob({ name: 'open' })
const plink = batch.newJob({
  outputs: ['log'],
  resourceGroups: { ofile: { bed: '{root}.bed', 'fam.gz': '{root}.fam.gz', source: '{root}.s' } },
})
const genome = batch.readInputGroup({ fasta: 'a.fa', 'fasta.fai': new URL('file:///a.fa.fai'), source: 'x' })

export function outputs(): void {
  is<JobResourceFile>()(job.out.left)
  is<JobResourceFile>()(job.output('right'))
  // @ts-expect-error not declared
  job.out.middle
  // @ts-expect-error not declared
  job.output('middle')
  is<JobResourceFile>()(open.output('anything'))
  const computed = batch.newJob({ outputs: ['a', 'b'].map((name) => `${name}1`) })
  is<JobResourceFile>()(computed.output('a1'))
  is<JobResourceFile>()(job.out.left.addExtension('.txt'))
  // @ts-expect-error an extension starts with a dot
  job.out.left.addExtension('txt')
  // @ts-expect-error written in the command, not assigned
  job.out.left = open.output('x')
}

export function settersKeepTheType(): void {
  is<JobResourceFile>()(
    job.cpu(1).memory('4Gi').env('A', 'b').alwaysRun().dependsOn(open).shell('/bin/sh').command`true`.out.left,
  )
  // @ts-expect-error a misspelt setter is no file
  open.memry('1Gi')
  // @ts-expect-error misspelt option
  batch.newJob({ outpts: ['a'] })
  // @ts-expect-error a unit that there is not
  batch.newJob({ timeout: '10 min' })
  // @ts-expect-error no such cause
  open.retry({ oom: 3 })
  open.retry(3).retry({ failed: 1, exitCodes: { 75: 3 }, outOfMemory: { upTo: '64Gi' } })
  job.timeout(60).timeout('5m').timeout('1.5h').timeout(null).image(null).cpu(null).memory(null).storage(null)
  job.regions('any').regions(['us-central1']).machineType('n2-standard-2').accelerator({ type: 'nvidia-l4' })
  job.cloudfuse('b', '/b').cloudfuse('c', '/c', { readOnly: false }).spot().alwaysCopyOutput(false).maxAttempts(2)
  job.checkpoint().checkpoint(false).checkpoint({ every: '1m' }).cpu(1)
  // @ts-expect-error a unit that there is not
  job.checkpoint({ every: '1 minute' })
  const small = { cpu: 0.5, memory: 'lowmem', timeout: '10m', env: { THREADS: 4 } } as const
  batch.newJob({ ...small, name: 'x', outputs: ['o'] }).out.o
  batch.newJob({ name: process.env.NAME, image: process.env.IMAGE })
  batch.newJob({ attributes: { user: 'x' } })
  // @ts-expect-error the name has its own option
  batch.newJob({ attributes: { name: 'x' } })
}

export function groups(): void {
  is<JobResourceFile>()(plink.out.ofile.bed)
  is<JobResourceFile>()(plink.out.ofile['fam.gz'])
  is<JobResourceFile>()(plink.out.ofile.get('source'))
  is<JobResourceFile>()(plink.output('ofile').bed)
  is<JobResourceFile>()(plink.out.log)
  // @ts-expect-error no such member
  plink.out.ofile.bim
  // @ts-expect-error no such member
  plink.out.ofile.get('bim')
  // @ts-expect-error no such output
  plink.out.lg
  const chained = batch
    .newJob({ outputs: ['log'] })
    .cpu(2)
    .declareResourceGroup({ g: { bed: '{root}.bed' } })
    .memory('1G')
  is<JobResourceFile>()(chained.out.g.bed)
  is<JobResourceFile>()(chained.out.log)
  // @ts-expect-error the outputs are still those that were declared
  chained.out.zzz
  const alone = batch.newJob({ outputs: ['log'] })
  alone.declareResourceGroup({ g: { bed: '{root}.bed' } })
  // @ts-expect-error only the returned job has the group
  alone.out.g
  // @ts-expect-error a template is a text
  batch.newJob({ resourceGroups: { o: { bed: 3 } } })
  is<InputResourceFile>()(genome.fasta)
  is<InputResourceFile>()(genome['fasta.fai'])
  is<InputResourceFile>()(genome.get('source'))
  // @ts-expect-error inputs keep their names
  genome.fasta.addExtension('.txt')
  const any: ResourceGroup = genome
  is<ResourceFile>()(any.get('whatever'))
  const paths: Record<string, string> = { a: 'x' }
  is<InputResourceFile>()(batch.readInputGroup(paths).get('a'))
  const unknown: unknown = genome
  if (unknown instanceof ResourceGroup) is<ResourceFile>()(unknown.get('x'))
}

export function everyJobIsAJob(): void {
  const jobs: Job[] = [job, open, plink]
  const bash: BashJob[] = [job, plink]
  const first = (of: BashJob<{ readonly left: JobResourceFile }>) => of.out.left
  first(job)
  // @ts-expect-error has no such output
  first(plink)
  for (const found of batch.selectJobs(/^count-/)) is<JobResourceFile>()(found.output('counts'))
  batch.newJob({ dependsOn: jobs }).dependsOn(jobs, open, batch.job(7), bash)
  is<Batch>()(job.batch)
  // @ts-expect-error looks like a job, and is none
  const forged: Job = { ...job }
  forged.cpu(1)
}

export function commands(): void {
  const texts = ['a', 'b']
  open.command`cat ${job.out.left} ${[job.out.left, genome.fasta]} ${genome} ${plink.out.ofile} ${3} ${true} ${10n}`
  open.command`echo ${['x', 'y']} ${texts} ${raw('| sort')} > ${open.output('o')}`
  open.command('true').command(`cat ${job.out.left}`)
  // @ts-expect-error a job
  open.command`cat ${job}`
  // @ts-expect-error all outputs
  open.command`cat ${job.out}`
  // @ts-expect-error a batch
  open.command`cat ${batch}`
  // @ts-expect-error an object
  open.command`cat ${{ a: 1 }}`
  // @ts-expect-error a promise
  open.command`cat ${Promise.resolve('x')}`
  batch.writeOutput(genome, 'y')
  batch.writeOutput(job.out.left, new URL('gs://b/x'))
  // @ts-expect-error a job is no file
  batch.writeOutput(job, 'x')
}

export async function running(): Promise<void> {
  is<RunningBatch>()(await batch.run())
  is<RunningBatch>()(
    await batch.run({ throwOnFailure: false, wait: false, progress: true, callback: new URL('http://a') }),
  )
  is<BatchPlan>()(await batch.run({ dryRun: true }))
  is<RunningBatch | BatchPlan>()(await batch.run({ dryRun: process.argv.includes('-n') }))
  // @ts-expect-error a function is no callback
  batch.run({ callback: () => {} })
  const run = await batch.run()
  for await (const event of run.watch()) {
    if (event.type === 'job') event.job.state satisfies string
    else is<BatchStatus>()(event.batch)
  }
  for await (const found of run.jobs({ state: 'bad' })) if (found.state === 'Failed') found.reason?.trim()
  for await (const line of run.job(job).log({ follow: true })) is<string>()(line)
  is<string>()(await run.job(3).log())
  is<number>()((await run.status()).counts.success)
  const { state } = await run.status()
  // @ts-expect-error no state of a batch
  if (state === 'Success') return
}

export async function backends(): Promise<void> {
  class OwnRunning extends RunningBatch {
    url = 'x'
  }
  class OwnBackend extends Backend<OwnRunning> {}
  is<OwnRunning>()(await new Batch({ backend: new OwnBackend() }).run())
  const widened: Batch = new Batch({ backend: new OwnBackend() })
  await using backend = new OwnBackend()
  is<string>()((await (await Batch.fromBatchId('b', { backend })).run()).url)
  // @ts-expect-error jobs are made by their batch's backend's own kind
  const narrowed: Batch<OwnRunning> = widened
  await narrowed.run()
}

export function errors(error: unknown): void {
  if (error instanceof BatchFailedError) {
    is<'E_BATCH_FAILED'>()(error.code)
    is<RunningBatch>()(error.batch)
    error.failedJobs[0]?.log.trim()
  } else if (error instanceof BatchError) {
    switch (error.code) {
      case 'E_TIMEOUT':
        break
      // @ts-expect-error no such code
      case 'E_NOPE':
        break
    }
  }
}

export const classes = [BashJob, ResourceFile, ResourceGroup]
