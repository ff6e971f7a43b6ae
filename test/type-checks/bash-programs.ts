// Programs for the compiler, never run: how batches of commands are written.
import { Batch, type JobResourceFile, type ResourceGroup } from 'graupel'

export async function scatterGather(): Promise<void> {
  const batch = new Batch({ name: 'scatter-gather' })
  const greetings = ['Ada', 'Grace', 'Edsger'].map((name) => {
    const job = batch.newJob({ name, outputs: ['text'] })
    job.command`echo "hello ${name}" > ${job.out.text}`
    return job.out.text
  })
  batch.newJob({ name: 'all' }).command`cat ${greetings}`
  await batch.run()
}

export async function nestedScatter(): Promise<void> {
  const batch = new Batch({ name: 'chores' })
  const head = batch.newJob({ name: 'head' }).command`echo "let us tidy up"`
  const people = ['Ada', 'Grace'].map((person) => {
    const chores = ['dishes', 'laundry', 'windows'].map(
      (chore) => batch.newJob({ name: `${person}-${chore}` }).dependsOn(head).command`echo ${person} does ${chore}`,
    )
    return batch.newJob({ name: person }).dependsOn(chores).command`echo "${person} is done"`
  })
  batch.newJob({ name: 'end' }).dependsOn(people)
  await batch.run()
}

export async function groups(): Promise<void> {
  const batch = new Batch({ name: 'clumping', defaultImage: 'genetics:1' })
  const variants = batch.readInput('data/variants.vcf.bgz')
  const gwas = batch.newJob({
    name: 'gwas',
    cpu: 2,
    resourceGroups: { ofile: { bed: '{root}.bed', bim: '{root}.bim', fam: '{root}.fam', assoc: '{root}.assoc' } },
  })
  gwas.command`python3 gwas.py --vcf ${variants} --output ${gwas.out.ofile}`
  const clump = (files: ResourceGroup<'bed' | 'bim' | 'fam' | 'assoc'>, chromosome: number): JobResourceFile => {
    const job = batch.newJob({ name: `clump-${chromosome}`, memory: '1Gi', outputs: ['clumped'] })
    return job.command`
      plink --bfile ${files} --clump ${files.assoc} --chr ${chromosome} --memory 1024
      mv plink.clumped ${job.out.clumped}`.out.clumped
  }
  const clumped = Array.from({ length: 22 }, (_, index) => clump(gwas.out.ofile, index + 1))
  const merge = batch.newJob({ name: 'merge', outputs: ['clumped'] })
  merge.command`for f in ${clumped}; do tail -n +2 "$f" | sed '/^$/d' >> ${merge.out.clumped}; done`
  batch.writeOutput(merge.out.clumped, 'out/all.clumped')
  batch.writeOutput(gwas.out.ofile.fam, 'out/only.fam')
  await batch.run({ wait: false })
}

export async function updates(): Promise<void> {
  const batch = new Batch({ name: 'grow' })
  const first = batch.newJob({ name: 'first' }).command`true`
  const run = await batch.run()
  batch.newJob({ name: 'second' }).dependsOn(first).command`echo again`
  await batch.run()
  const later = await Batch.fromBatchId(run.id)
  later.newJob().dependsOn(later.job(1)).command`echo from another program`
  await later.run()
}

export async function alwaysRun(): Promise<void> {
  const batch = new Batch({ name: 'tidy' })
  const work = batch.newJob({ name: 'work', outputs: ['part'], alwaysCopyOutput: true })
  work.command`echo partial > ${work.out.part}; exit 1`
  batch.newJob({ name: 'report' }).alwaysRun().dependsOn(work).command`echo finished`
  const run = await batch.run({ throwOnFailure: false })
  for await (const job of run.jobs({ state: 'bad' })) console.log(job.name, job.reason, await run.job(job.id).log())
}

export async function extensionsAndRetries(): Promise<void> {
  const batch = new Batch({ defaultRetry: { preempted: 20, onDemandAfter: 3 }, defaultTimeout: '2h' })
  const job = batch.newJob({ name: 'three', outputs: ['a', 'b', 'table'] })
  job.out.table.addExtension('.txt')
  job.command`echo a > ${job.out.a}`.command`echo b > ${job.out.b}`
    .command`cat ${job.out.a} ${job.out.b} | awk '{ print $1 "\t" ${3} }' > ${job.out.table}`
  batch
    .newJob({ name: 'fit', machineType: 'n2-highmem-8' })
    .regions(['us-central1', 'us-east1'])
    .spot(false)
    .retry({ failed: 1, exitCodes: { 75: 3 }, outOfMemory: { factor: 2, upTo: '64Gi' } }).command`./fit`
  await batch.run()
}
