// Trivial calls per second through `executor.map` on LocalBackend, and what a call costs this program, next to Node's
// worker threads and Python's ProcessPoolExecutor on the same machine: `node test/bench/executor.ts [calls]`. Then the
// memory that many items need, whatever their number: `node --expose-gc test/bench/executor.ts 0 [items]`
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BatchPoolExecutor, LocalBackend } from 'graupel'

const calls = Math.min(Number(process.argv[2] ?? 1000), 100_000)
const items = Math.min(Number(process.argv[3] ?? 20_000), 1_000_000)
const cores = availableParallelism()

if (calls > 0) {
  console.log(`${calls} calls of x => x + 1, ${cores} cores`)
  await measureMap(1)
  await measureMap(100)
  await measureWorkerThreads()
  measurePython()
} else {
  await measureHeap(5 * items, 1000)
  await measureHeap(items, 1)
}

async function measureHeap(count: number, chunkSize: number): Promise<void> {
  await using backend = new LocalBackend()
  await using pool = new BatchPoolExecutor({ backend })
  await pool.submit((x: number) => x + 1, 0)
  console.log(`${count} items, chunkSize ${chunkSize}; heap in MiB:`)
  let seen = 0
  for await (const _ of pool.map((x: number) => x + 1, Array(count).keys(), { chunkSize }))
    if (++seen % (count / 10) === 0) console.log(`  after ${seen}: ${heapMiB()}`)
}

function heapMiB(): string {
  globalThis.gc?.()
  return (process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)
}

async function measureMap(chunkSize: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
  {
    await using backend = new LocalBackend({ tmpDir: folder })
    await using pool = new BatchPoolExecutor({ backend })
    // What is needed once, the first call has made.
    await pool.submit((x: number) => x + 1, 0)
    const startedAt = performance.now()
    const cpu = process.cpuUsage()
    let seen = 0
    for await (const value of pool.map((x: number) => x + 1, Array(calls).keys(), { chunkSize })) seen += value
    if (seen !== (calls * (calls + 1)) / 2) throw new Error(`the values are wrong: ${seen}`)
    report(`executor.map, chunkSize ${chunkSize}`, startedAt, process.cpuUsage(cpu))
  }
  await rm(folder, { recursive: true })
}

async function measureWorkerThreads(): Promise<void> {
  const program = `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (x) => parentPort.postMessage(x + 1))`
  const workers = Array.from({ length: cores }, () => new Worker(program, { eval: true }))
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  let next = 0
  await Promise.all(
    workers.map(async (worker) => {
      while (next < calls) {
        worker.postMessage(next++)
        await new Promise((resolve) => worker.once('message', resolve))
      }
    }),
  )
  report('worker threads', startedAt, process.cpuUsage(cpu))
  await Promise.all(workers.map((worker) => worker.terminate()))
}

function measurePython(): void {
  const program = `import operator
from concurrent.futures import ProcessPoolExecutor
if __name__ == '__main__':
    with ProcessPoolExecutor(${cores}) as pool:
        for result in pool.map(operator.neg, range(${calls})):
            pass`
  const startedAt = performance.now()
  const { error } = spawnSync('python3', ['-c', program], { stdio: 'inherit' })
  if (error === undefined) report("Python's ProcessPoolExecutor", startedAt)
}

function report(name: string, startedAt: number, cpu?: NodeJS.CpuUsage): void {
  const seconds = (performance.now() - startedAt) / 1000
  const rate = (calls / seconds).toFixed(0).padStart(7)
  const own = cpu === undefined ? '' : `, ${((cpu.user + cpu.system) / 1000 / calls).toFixed(2)} ms of own CPU each`
  console.log(`${name.padEnd(30)} ${rate} calls/s  (${seconds.toFixed(2)} s${own})`)
}
