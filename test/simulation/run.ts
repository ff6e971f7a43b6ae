import { parseArgs } from 'node:util'
import type { Result } from './result.ts'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    quiet: { type: 'boolean', default: false },
  },
})

/** `--seed N`: one run with its story. `--seeds N`: as many runs, and what went wrong in them. */
if (values.seed !== undefined) await tellOne(Number(values.seed))
else await runMany(Number(values.from), Number(values.seeds ?? '100'))

async function tellOne(seed: number): Promise<void> {
  const trace = values.quiet ? undefined : (line: string) => console.log(line)
  report(await simulate(seed, { trace }))
}

async function runMany(from: number, count: number): Promise<void> {
  const begun = performance.now()
  let failed = 0
  for (let seed = from; seed < from + count; seed++) {
    const result = await simulate(seed)
    if (result.violation === undefined) continue
    failed++
    console.log(`seed ${seed}: ${result.violation}`)
    process.exitCode = 1
  }
  const seconds = (performance.now() - begun) / 1000
  console.log(`${count} seeds from ${from}: ${failed} with a violation; ${(count / seconds).toFixed(1)} seeds/s`)
}

function report({ faults, ...result }: Result): void {
  const on = Object.entries(faults).flatMap(([name, rate]) => (rate > 0 ? [`${name} ${rate.toFixed(3)}`] : []))
  console.log(`faults: ${on.join(', ') || 'none'}`)
  console.log(result)
  if (result.violation !== undefined) process.exitCode = 1
}
