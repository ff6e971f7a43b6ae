// One job, two that read what it wrote, one that joins them again.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('diamond')
const batch = new Batch({ name: 'diamond', backend })

const numbers = batch.newJob({ name: 'numbers', outputs: ['list'] })
numbers.command`seq 1 100 > ${numbers.out.list}`

const even = batch.newJob({ name: 'even', outputs: ['sum'] })
even.command`awk '$1 % 2 == 0 { sum += $1 } END { print sum }' ${numbers.out.list} > ${even.out.sum}`

const odd = batch.newJob({ name: 'odd', outputs: ['sum'] })
odd.command`awk '$1 % 2 == 1 { sum += $1 } END { print sum }' ${numbers.out.list} > ${odd.out.sum}`

const total = batch.newJob({ name: 'total', outputs: ['sum'] })
total.command`cat ${even.out.sum} ${odd.out.sum} | awk '{ sum += $1 } END { print sum }' > ${total.out.sum}`
batch.writeOutput(total.out.sum, `${output}/sum.txt`)

const run = await batch.run()
console.log((await run.status()).state)
await backend.close()
