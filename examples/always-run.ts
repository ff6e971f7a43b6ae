// A job fails, what depends on it is cancelled, and an always-run job still sees what the failed one left behind.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('always-run')
const batch = new Batch({ name: 'always-run', backend })

const work = batch.newJob({ name: 'work', outputs: ['log'] })
work.command`echo "got this far" > ${work.out.log}; exit 3`

batch.newJob({ name: 'next' }).dependsOn(work).command`echo "never printed"`

const report = batch.newJob({ name: 'report', alwaysRun: true, outputs: ['text'] })
report.command`cat ${work.out.log} > ${report.out.text}`
batch.writeOutput(report.out.text, `${output}/report.txt`)

const run = await batch.run({ throwOnFailure: false })
console.log((await run.status()).state)
for await (const job of run.jobs()) console.log(job.name, job.state, job.reason ?? '')
await backend.close()
