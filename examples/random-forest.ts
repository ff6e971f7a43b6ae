// A random forest for each window of a genome: hundreds of Python jobs that share two inputs, two calls in each, one
// table of all their results. With `--checkpoint yes`, results are kept one by one, and windows that have one are skipped;
// with `--batch-size 10`, ten windows share a job.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { Batch, concatenate, pythonFunction, type ResourceFile } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output, option } = exampleArguments('random-forest', {
  windows: '200',
  'batch-size': '1',
  checkpoint: 'no',
})
const isCheckpointed = option('checkpoint') === 'yes'
const windows = Array.from(
  { length: Number(option('windows')) },
  (_, index) => `chr1:${index * 100}-${index * 100 + 99}`,
)
const checkpointOf = (window: string) => `${output}/checkpoints/${window}.tsv`
writeData(windows)

const batch = new Batch({ name: 'random-forest', backend })
const features = batch.readInput(`${output}/features.tsv`)
const labels = batch.readInput(`${output}/labels.tsv`)
const source = new URL('random-forest.py', import.meta.url)
const randomForest = pythonFunction(source, 'random_forest')
const asTsv = pythonFunction(source, 'as_tsv')

/** One job for a few windows. */
function predict(group: readonly string[]): ResourceFile[] {
  const job = batch.newPythonJob({ name: `forest-${group[0]}`, cpu: 0.5 })
  return group.map((window) => {
    const line = job.call(asTsv, job.call(randomForest, features, labels, window)).asStr()
    if (isCheckpointed) batch.writeOutput(line, checkpointOf(window))
    return line
  })
}

const missing = windows.filter((window) => !isCheckpointed || !existsSync(checkpointOf(window)))
const size = Number(option('batch-size'))
const groups = Array.from({ length: Math.ceil(missing.length / size) }, (_, i) =>
  missing.slice(i * size, (i + 1) * size),
)
const lines = groups.flatMap(predict)
const predicted = new Map(missing.map((window, index) => [window, lines[index]]))
const parts = windows.map((window) => predicted.get(window) ?? batch.readInput(checkpointOf(window)))
batch.writeOutput(concatenate(batch, parts, { branchingFactor: 100 }), `${output}/results.tsv`)

const run = await batch.run()
console.log(`${(await run.status()).state}: ${groups.length} jobs for ${missing.length} of ${windows.length} windows`)
await backend.close()

/** Features of each window, and a label that depends on some of them; the same at every run. */
function writeData(names: readonly string[]): void {
  let seed = 7
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const rows = names.map((name) => ({ name, values: Array.from({ length: 6 }, random) }))
  const labelOf = ([a = 0, b = 0, c = 0]: readonly number[]) => (a > 0.5 ? 10 * b : 5 - 5 * c) + random()
  const table = (head: string, lines: readonly string[]) => [head, ...lines, ''].join('\n')
  mkdirSync(output, { recursive: true })
  writeFileSync(
    `${output}/features.tsv`,
    table(
      'window\ta\tb\tc\td\te\tf',
      rows.map(({ name, values }) => [name, ...values].join('\t')),
    ),
  )
  writeFileSync(
    `${output}/labels.tsv`,
    table(
      'window\tlabel',
      rows.map(({ name, values }) => `${name}\t${labelOf(values)}`),
    ),
  )
}
