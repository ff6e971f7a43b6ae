// TypeScript functions as jobs: each summarizes one file of measurements, a tree of merges joins the summaries, and the
// program gets the last one as a value. The functions' closure comes along: a constant, a class, modules of Node.
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Batch, type FunctionResult } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('functions')

/** What crosses from job to job is plain data. */
interface Moments {
  n: number
  mean: number
  squares: number
}

/** Mean and variance of numbers that are seen one by one, or in parts that are merged (Chan, Golub and LeVeque, 1979). */
class Statistics {
  n = 0
  mean = 0
  squares = 0

  static from(moments: Moments): Statistics {
    return Object.assign(new Statistics(), moments)
  }

  add(x: number): void {
    this.merge({ n: 1, mean: x, squares: 0 })
  }

  merge({ n, mean, squares }: Moments): this {
    const total = this.n + n
    const delta = mean - this.mean
    this.mean += (delta * n) / total
    this.squares += squares + (delta ** 2 * this.n * n) / total
    this.n = total
    return this
  }

  get deviation(): number {
    return Math.sqrt(this.squares / (this.n - 1))
  }

  toMoments(): Moments {
    return { n: this.n, mean: this.mean, squares: this.squares }
  }
}

const missing = 'NA'

async function summarize(path: string): Promise<Moments> {
  const statistics = new Statistics()
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  for (const line of lines) if (line !== missing) statistics.add(Number(line))
  console.log(`${statistics.n} of ${lines.length} lines`)
  return statistics.toMoments()
}

const merge = (parts: Moments[]): Moments =>
  parts.reduce<Statistics>((all, part) => all.merge(part), new Statistics()).toMoments()

const batch = new Batch({ name: 'functions', backend })
const sites = ['north', 'east', 'south', 'west', 'coast']
const parts = sites.map((site, index) => {
  const measurements = batch.readInput(measure(site, index))
  return batch.newFunctionJob({ name: `summarize-${site}`, cpu: 0.5 }).call(summarize, measurements)
})

/** Two at a time until one is left. */
function mergeAll(level: readonly FunctionResult<Moments>[], depth = 1): FunctionResult<Moments> {
  const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => level.slice(2 * index, 2 * index + 2))
  const merged = pairs.map((pair, index) => batch.newFunctionJob({ name: `merge-${depth}-${index}` }).call(merge, pair))
  return merged.length > 1 ? mergeAll(merged, depth + 1) : (merged[0] ?? batch.newFunctionJob().call(merge, []))
}

const all = mergeAll(parts)
const report = batch.newFunctionJob({ name: 'report' }).call(
  (total: Moments, bySite: Moments[]) => ({
    mean: total.mean,
    deviation: Statistics.from(total).deviation,
    sites: Object.fromEntries(sites.map((site, index) => [site, bySite[index]?.mean])),
  }),
  all,
  parts,
)
batch.writeOutput(report.asJson(), `${output}/report.json`)

const run = await batch.run()
const { mean, deviation } = await run.value(report)
const { n } = await run.value(all)
console.log(`${n} measurements: ${mean.toFixed(2)} ± ${deviation.toFixed(2)}`)
await backend.close()

/** Numbers that are the same at every run, of which every seventh is missing. */
function measure(site: string, index: number): string {
  const values = Array.from({ length: 100 }, (_, i) => (i % 7 === 6 ? missing : `${10 * index + ((i * 37) % 11)}`))
  mkdirSync(output, { recursive: true })
  writeFileSync(`${output}/${site}.txt`, `${values.join('\n')}\n`)
  return `${output}/${site}.txt`
}
