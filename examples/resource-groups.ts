// Files that belong together travel together: by their root, or one by one.
import { mkdir, writeFile } from 'node:fs/promises'
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('resource-groups')
await mkdir(`${output}/input`, { recursive: true })
await writeFile(`${output}/input/genome.fasta`, '>chr1\nACGTACGT\n>chr2\nTTTTCCCC\n')
await writeFile(`${output}/input/genome.index`, 'chr1 8\nchr2 8\n')

const batch = new Batch({ name: 'resource-groups', backend })
const genome = batch.readInputGroup({
  fasta: `${output}/input/genome.fasta`,
  index: `${output}/input/genome.index`,
})

const split = batch.newJob({
  name: 'split',
  resourceGroups: { parts: { names: '{root}.names', bases: '{root}.bases' } },
})
split.command`
  grep '^>' ${genome.fasta} > ${split.out.parts.names}
  grep -v '^>' ${genome}.fasta > ${split.out.parts}.bases`

const report = batch.newJob({ name: 'report', outputs: ['lines'] })
report.command`wc -l < ${split.out.parts.names} > ${report.out.lines}
wc -l < ${genome.index} >> ${report.out.lines}`

batch.writeOutput(split.out.parts, `${output}/genome`)
batch.writeOutput(split.out.parts.bases, `${output}/only-bases.txt`)
batch.writeOutput(report.out.lines, `${output}/lines.txt`)

const run = await batch.run()
console.log((await run.status()).state)
await backend.close()
