// Cases for the compiler, never run: merges, images, and programs that use them. They hold with every strict flag and
// with none.
import {
  Batch,
  buildPythonImage,
  concatenate,
  type JobResourceFile,
  LocalBackend,
  type MergeOptions,
  type Plink,
  type PythonImageOptions,
  plinkMerge,
  ResourceFile,
  type ResourceGroup,
  RunningBatch,
  ServiceBackend,
} from 'graupel'
import { is } from './same.ts'

const batch = new Batch({ name: 'merges' })
const genome = batch.readInputGroup({ fasta: 'a.fa', 'fasta.fai': 'a.fa.fai' })
const bfile = batch.readInputGroup({ bed: 'a', bim: 'b', fam: 'c' })

export function concatenations(): void {
  const job = batch.newJob({ outputs: ['left', 'right'] })
  is<ResourceFile>()(concatenate(batch, [job.out.left, genome.fasta, batch.readInput('x')]))
  is<ResourceFile>()(concatenate(batch, [concatenate(batch, []), job.out.right], { image: 'i', branchingFactor: 2 }))
  const files: readonly ResourceFile[] = [job.out.left]
  concatenate(batch, files, { image: process.env.IMAGE, branchingFactor: undefined })
  batch.newJob().command`cat ${concatenate(batch, files)}`
  batch.writeOutput(concatenate(batch, files), 'x')
  // @ts-expect-error a group is no file
  concatenate(batch, [genome])
  // @ts-expect-error a job is no file
  concatenate(batch, [job])
  // @ts-expect-error a path is read first
  concatenate(batch, ['data/x.txt'])
  // @ts-expect-error one file is no list
  concatenate(batch, job.out.left)
  // @ts-expect-error misspelt option
  concatenate(batch, files, { branchFactor: 2 })
  // @ts-expect-error made by a job, or read: not known which
  concatenate(batch, files).addExtension('.txt')
  const options: MergeOptions = { branchingFactor: 10 }
  options.branchingFactor = undefined
}

export function plinkMerges(): void {
  const merged = plinkMerge(batch, [bfile, bfile], { image: 'genetics:1', branchingFactor: 10 })
  is<ResourceGroup<Plink>>()(merged)
  is<ResourceFile>()(merged.bed)
  is<ResourceFile>()(merged.get('fam'))
  const more = batch.readInputGroup({ bed: 'a', bim: 'b', fam: 'c', log: 'd' })
  const made = batch.newJob({ resourceGroups: { ofile: { bed: '{root}.bed', bim: '{root}.bim', fam: '{root}.fam' } } })
  is<ResourceFile>()(plinkMerge(batch, [merged, bfile, more, made.out.ofile]).bim)
  batch.writeOutput(merged, 'x')
  batch.newJob().command`plink --bfile ${merged} --freq; wc -l ${merged.bim}`
  // @ts-expect-error other members
  plinkMerge(batch, [genome])
  // @ts-expect-error a member is missing
  plinkMerge(batch, [batch.readInputGroup({ bed: 'a', bim: 'b' })])
  // @ts-expect-error a file is no group
  plinkMerge(batch, [bfile.bed])
  // @ts-expect-error no such member
  merged.assoc
}

export async function images(): Promise<void> {
  is<string>()(await buildPythonImage('statistics:1'))
  const options: PythonImageOptions = { requirements: ['numpy'], pythonVersion: '3.13', slim: false }
  await buildPythonImage('statistics:1', { ...options, baseImage: process.env.BASE, showDockerOutput: true })
  // @ts-expect-error 3.10 would be 3.1
  await buildPythonImage('statistics:1', { pythonVersion: 3.1 })
  // @ts-expect-error a list
  await buildPythonImage('statistics:1', { requirements: 'numpy' })
  // @ts-expect-error the promise of a name
  batch.newJob({ image: buildPythonImage('statistics:1') })
  batch.newJob({ image: await buildPythonImage('statistics:1') })
}

export async function checkpoints(windows: readonly string[], isThere: (path: string) => boolean): Promise<void> {
  const forest = new Batch({ name: 'forest', defaultStorage: '10Gi', backend: new LocalBackend({ cpus: 2 }) })
  const parts = windows.map((window): ResourceFile => {
    const checkpoint = `gs://bucket/checkpoints/${window}`
    if (isThere(checkpoint)) return forest.readInput(checkpoint)
    const job = forest.newJob({ name: `forest-${window}`, cpu: 2, outputs: ['line'] })
    job.command`grow ${window} > ${job.out.line}`
    forest.writeOutput(job.out.line, checkpoint)
    return job.out.line
  })
  forest.writeOutput(concatenate(forest, parts, { branchingFactor: 100 }), 'gs://bucket/results.tsv')
  await forest.run()
}

export async function chromosomes(): Promise<void> {
  await using backend = new ServiceBackend({ regions: ['us-central1'] })
  const study = new Batch({ name: 'study', backend, defaultImage: 'genetics:1' })
  const bfiles = Array.from({ length: 22 }, (_, index) => {
    const root = '{root}'
    const job = study.newJob({
      name: `chromosome-${index + 1}`,
      resourceGroups: { bfile: { bed: `${root}.bed`, bim: `${root}.bim`, fam: `${root}.fam` } },
    })
    return job.command`plink --vcf chr${index + 1}.vcf --make-bed --out ${job.out.bfile}`.out.bfile
  })
  is<JobResourceFile | undefined>()(bfiles[0]?.bed)
  study.writeOutput(plinkMerge(study, bfiles), 'gs://bucket/genome')
  const run = await study.run({ wait: false, open: true })
  is<RunningBatch>()(run)
  for await (const event of run.watch()) if (event.type === 'job') console.log(event.job.name, event.job.state)
}

export function computedGroups(names: readonly string[]): void {
  const made = batch
    .newJob()
    .declareResourceGroup({ table: Object.fromEntries(names.map((name) => [name, `{root}.${name}`])) })
  is<JobResourceFile>()(made.out.table.get('x'))
  const paths: Record<string, string> = { bed: 'a', bim: 'b', fam: 'c' }
  // @ts-expect-error names that are known only at run time may be others
  plinkMerge(batch, [batch.readInputGroup(paths)])
}

export function files(value: unknown): void {
  if (value instanceof ResourceFile) concatenate(batch, [value])
}

export const services = [new ServiceBackend({ regions: 'any' }), new LocalBackend(), RunningBatch]
