// A genome-wide association study: one job tests all variants, 22 jobs clump a chromosome each, one job merges. The
// programs are inputs, so that any machine or image with sh and awk will do.
import { mkdir, readFile } from 'node:fs/promises'
import { Batch, type ResourceGroup } from 'graupel'
import { exampleArguments } from './example-arguments.ts'
import { simulateGenotypes } from './genetics/simulate-genotypes.ts'

const { backend, output } = exampleArguments('clumping')
await mkdir(output, { recursive: true })
await simulateGenotypes(`${output}/genotypes.tsv`, `${output}/phenotypes.tsv`)

const batch = new Batch({ name: 'clumping', backend })
const genotypes = batch.readInput(`${output}/genotypes.tsv`)
const phenotypes = batch.readInput(`${output}/phenotypes.tsv`)
const program = (name: string) => batch.readInput(new URL(`genetics/${name}.sh`, import.meta.url))
const associate = program('associate')
const clump = program('clump')

const gwas = batch.newJob({
  name: 'gwas',
  cpu: 2,
  resourceGroups: { ofile: { bed: '{root}.bed', bim: '{root}.bim', fam: '{root}.fam', assoc: '{root}.assoc' } },
})
gwas.command`sh ${associate} ${genotypes} ${phenotypes} ${gwas.out.ofile}`

const clumps = Array.from({ length: 22 }, (_, index) => clumpChromosome(gwas.out.ofile, index + 1))

const merge = batch.newJob({ name: 'merge', outputs: ['clumped'] })
merge.command`
  head -n 1 ${clumps.slice(0, 1)} > ${merge.out.clumped}
  for clumps in ${clumps}; do tail -n +2 "$clumps" >> ${merge.out.clumped}; done`

batch.writeOutput(gwas.out.ofile, `${output}/gwas`)
batch.writeOutput(merge.out.clumped, `${output}/clumped.txt`)

const run = await batch.run()
console.log((await run.status()).state)
console.log(await readFile(`${output}/clumped.txt`, 'utf8'))
await backend.close()

function clumpChromosome(files: ResourceGroup<'bed' | 'bim' | 'fam' | 'assoc'>, chromosome: number) {
  const job = batch.newJob({ name: `clump-${chromosome}`, memory: '1Gi', outputs: ['clumped'] })
  job.command`sh ${clump} ${files} ${files.assoc} ${chromosome} > ${job.out.clumped}`
  return job.out.clumped
}
