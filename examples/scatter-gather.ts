// One job per name, one job that reads all they wrote.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('scatter-gather')
const batch = new Batch({ name: 'scatter-gather', backend })

const greetings = ['Alice', 'Bob', 'Dan'].map((name) => {
  const job = batch.newJob({ name, outputs: ['greeting'] })
  job.command`echo "hello ${name}" > ${job.out.greeting}`
  return job.out.greeting
})

const gather = batch.newJob({ name: 'gather', outputs: ['all'] })
gather.command`cat ${greetings} > ${gather.out.all}`
batch.writeOutput(gather.out.all, `${output}/greetings.txt`)

const run = await batch.run()
console.log((await run.status()).state)
await backend.close()
