// Two jobs joined by a file: the edge is inferred from the command that reads it.
import { Batch } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('hello')
const batch = new Batch({ name: 'hello', backend })

const greet = batch.newJob({ name: 'greet', outputs: ['greeting'] })
greet.command`echo "hello world" > ${greet.out.greeting}`

const shout = batch.newJob({ name: 'shout', outputs: ['loud'] })
shout.command`tr a-z A-Z < ${greet.out.greeting} > ${shout.out.loud}`

batch.writeOutput(shout.out.loud, `${output}/loud.txt`)

const run = await batch.run()
console.log((await run.status()).state)
await backend.close()
