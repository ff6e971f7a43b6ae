// 14 jobs in four layers, joined by dependsOn alone: a head, three chores for each of three people, a sink for each, an end.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend } = exampleArguments('nested-scatter')
const batch = new Batch({ name: 'nested-scatter', backend })

const head = batch.newJob({ name: 'head' }).command`echo "time for the chores"`

const people = ['Alice', 'Bob', 'Dan'].map((person) => {
  const chores = ['make-bed', 'do-laundry', 'shop'].map(
    (chore) => batch.newJob({ name: `${person}-${chore}`, dependsOn: head }).command`echo "${person} does: ${chore}"`,
  )
  return batch.newJob({ name: `${person}-done` }).dependsOn(chores).command`echo "${person} is done"`
})

batch.newJob({ name: 'all-done' }).dependsOn(people).command`echo "all is done"`

const run = await batch.run()
const { state, counts } = await run.status()
console.log(state, counts.success)
await backend.close()
