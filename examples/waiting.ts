// Jobs that pass no files on: side by side unless they are told to wait for each other.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend } = exampleArguments('waiting')
const batch = new Batch({ name: 'waiting', backend })

const prepare = batch.newJob({ name: 'prepare' }).command`echo "once, before all"`

const people = ['Alice', 'Bob', 'Dan'].map(
  (person) => batch.newJob({ name: `greet-${person}` }).dependsOn(prepare).command`echo "hello ${person}"`,
)

const last = batch.newJob({ name: 'last' }).dependsOn(...people).command`echo "once, after all"`

const run = await batch.run()
for (const job of [prepare, ...batch.selectJobs('greet-'), last]) process.stdout.write(await run.job(job).log())
await backend.close()
