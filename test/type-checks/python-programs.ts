// Programs for the compiler, never run: how batches of Python functions are written.
import { existsSync } from 'node:fs'
import { Batch, concatenate, kwargs, python, pythonFunction, type ResourceFile } from 'graupel'

export async function table(): Promise<void> {
  const batch = new Batch({ name: 'table' })
  const add = python`def add(x, y): return x + y`
  const multiply = python`def multiply(x, y): return x * y`
  const row = python`
    def row(x, y, total, product):
        return dict(x=x, y=y, total=total, product=product)
  `
  const rows = [1, 2, 3].flatMap((x) =>
    [4, 5, 6].map((y) => {
      const job = batch.newPythonJob({ name: `${x}-${y}` })
      const product = job.call(multiply, x, y)
      return job.call(row, x, y, job.call(add, x, y), kwargs({ product })).asJson()
    }),
  )
  const lines = batch.newJob({ name: 'lines', outputs: ['all'] })
  lines.command`cat ${rows} > ${lines.out.all}`
  const load = python`
    import json

    def load(path):
        with open(path) as file:
            return [json.loads(line) for line in file]
  `
  batch.writeOutput(batch.newPythonJob({ name: 'load' }).call(load, lines.out.all).asJson(), 'out/table.json')
  await batch.run()
}

export async function checkpointedForest(): Promise<void> {
  const batch = new Batch({ name: 'forest', defaultPythonImage: 'forest:1', defaultStorage: '10Gi' })
  const features = batch.readInput('gs://bucket/features.tsv')
  const labels = batch.readInput('gs://bucket/labels.tsv')
  const train = pythonFunction('forest.py', 'train')
  const asTsv = pythonFunction('forest.py', 'as_tsv')
  const parts = ['chr1:0-100', 'chr1:100-200'].map((window): ResourceFile => {
    const checkpoint = `checkpoints/${window}`
    if (existsSync(checkpoint)) return batch.readInput(checkpoint)
    const job = batch.newPythonJob({ name: `forest-${window}`, cpu: 2 })
    const line = job.call(asTsv, job.call(train, features, labels, window, kwargs({ cores: 2 }))).asStr()
    batch.writeOutput(line, checkpoint)
    return line
  })
  batch.writeOutput(concatenate(batch, parts, { branchingFactor: 100 }), 'gs://bucket/results.tsv')
  await batch.run()
}
