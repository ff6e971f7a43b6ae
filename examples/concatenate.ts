// Many small files become one, by a tree of jobs: here pairs of pairs of pairs.
import { readFile } from 'node:fs/promises'
import { Batch, concatenate } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('concatenate')
const batch = new Batch({ name: 'concatenate', backend })

const files = ['one', 'two', 'three', 'four', 'five'].map((word) => {
  const job = batch.newJob({ name: `write-${word}`, outputs: ['word'] })
  job.command`echo ${word} > ${job.out.word}`
  return job.out.word
})

batch.writeOutput(concatenate(batch, files, { branchingFactor: 2 }), `${output}/words.txt`)

const run = await batch.run()
console.log((await run.status()).counts.success, 'jobs')
console.log((await readFile(`${output}/words.txt`, 'utf8')).replaceAll('\n', ' '))
await backend.close()
