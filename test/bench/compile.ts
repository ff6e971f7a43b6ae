// How long, and in how much memory, batches of four shapes compile: `node test/bench/compile.ts [jobs …]`.
import { availableParallelism } from 'node:os'
import type { BatchSpec } from '../../client/src/compile/batch-spec.ts'
import { compile } from '../../client/src/compile/compile.ts'
import { sampleJob, sampleSpec, sha256 } from '../compile/sample-spec.ts'

const layerWidth = 1000

/** The parents of job `index` of `jobs`. */
const shapes: Record<string, (index: number, jobs: number) => readonly number[]> = {
  independent: () => [],
  layers: (index) => (index < layerWidth ? [] : [index - layerWidth, Math.max(0, index - layerWidth - 1)]),
  join: (index, jobs) => (index < jobs - 1 ? [] : Array.from({ length: jobs - 1 }, (_, parent) => parent)),
  'fan-out': (index) => (index === 0 ? [] : [0]),
}

const makeSpec = (jobs: number, parentsOf: (index: number, jobs: number) => readonly number[]): BatchSpec =>
  sampleSpec(Array.from({ length: jobs }, (_, index) => sampleJob(index, parentsOf(index, jobs))))

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`

function measure(shape: string, jobs: number, parentsOf: (index: number, jobs: number) => readonly number[]): void {
  const spec = makeSpec(jobs, parentsOf)
  const heapBefore = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  const plan = compile(spec, { hash: sha256 })
  const tookMs = performance.now() - startedAt
  const usage = process.memoryUsage()
  const largest = plan.chunks.reduce((bytes, chunk) => Math.max(bytes, JSON.stringify(chunk).length), 0)
  const columns = [
    shape.padEnd(12),
    `${jobs} jobs`.padStart(14),
    `${plan.edges} edges`.padStart(16),
    `${plan.chunks.length} chunks`.padStart(12),
    `largest ${(largest / 1024).toFixed(0)} KiB`.padStart(16),
    `${tookMs.toFixed(0)} ms`.padStart(9),
    `heap +${mebibytes(usage.heapUsed - heapBefore)}, rss ${mebibytes(usage.rss)}`,
  ]
  console.log(columns.join('  '))
}

const sizes = process.argv.slice(2).map(Number)
console.log(`node ${process.version}, ${availableParallelism()} cores`)
for (const jobs of sizes.length > 0 ? sizes : [100_000, 1_000_000])
  for (const [shape, parentsOf] of Object.entries(shapes)) measure(shape, jobs, parentsOf)
