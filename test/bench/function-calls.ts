// Trivial calls of a TypeScript function per second, as jobs and by the runners alone, next to Node's worker threads and
// Python's ProcessPoolExecutor on the same machine: `node test/bench/function-calls.ts [calls]`
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LocalBackend } from 'graupel'
import { systemClock } from 'graupel/execution'
import { defaultRetryPolicy, type FunctionCall, type Input, type JobTemplate } from 'graupel/model'
import type { Submission } from '../../client/src/backends/backend.ts'
import { capture } from '../../client/src/closure/capture.ts'
import type { BatchSpec } from '../../client/src/compile/batch-spec.ts'
import { WarmCalls } from '../../client/src/execution/calls/warm/warm-calls.ts'
import { OutputPipes } from '../../client/src/execution/process/output-pipes.ts'
import { markFor } from '../../client/src/execution/process/process-mark.ts'
import type { FollowedCommand } from '../../client/src/execution/process/run-process.ts'
import { assignmentOf } from '../execution/attempt-bed.ts'
import { CallBed } from '../execution/calls/call-bed.ts'

const template: JobTemplate = {
  env: {},
  cpuMillis: 1000,
  memoryBytes: 2 ** 30,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
}

const calls = Math.min(Number(process.argv[2] ?? 1000), 100_000)
const cores = availableParallelism()

console.log(`${calls} calls of (a, b) => a + b, ${cores} cores`)
await measureLocalBackend()
await measureAttempts()
await measureRunners()
await measureWorkerThreads()
measurePython()

/** Whole jobs: submitted, leased, staged, called, reported. */
async function measureLocalBackend(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
  const { call, input, texts } = makeCall()
  {
    await using backend = new LocalBackend({ tmpDir: folder })
    const spec: BatchSpec = {
      name: 'calls',
      attributes: {},
      cancelAfterNFailures: undefined,
      texts,
      jobs: Array.from({ length: calls }, (_, job) => ({
        name: undefined,
        attributes: undefined,
        template,
        detail: {
          task: { kind: 'functions', calls: [call] },
          directory: `job-${job}`,
          inputs: [input],
          links: [],
          outputs: [],
        },
        parents: [],
        earlierParents: [],
      })),
    }
    const submission: Submission = {
      spec,
      batchId: undefined,
      options: { progress: false },
      submitted: () => undefined,
    }
    const startedAt = performance.now()
    const cpu = process.cpuUsage()
    await backend.runBatch(submission)
    const { user, system } = process.cpuUsage(cpu)
    report(
      'jobs of LocalBackend',
      startedAt,
      `, ${((user + system) / 1000 / calls).toFixed(2)} ms of its own time each`,
    )
  }
  await rm(folder, { recursive: true })
}

/** The attempts alone, as many at once as there are cores. */
async function measureAttempts(): Promise<void> {
  const bed = await CallBed.make()
  const job = await bed.jobOf({ calls: [{ fn: 'add', args: [1, 2] }] })
  await bed.run({ ...job, job: 1 })
  const startedAt = performance.now()
  let next = 2
  const runSome = async () => {
    while (next < calls + 2) await bed.run({ ...job, job: next++ })
  }
  await Promise.all(Array.from({ length: cores }, runSome))
  report('attempts in runners', startedAt)
  await bed.close()
}

/** The runners alone: no file is staged, nothing is removed. */
async function measureRunners(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
  const pipes = new OutputPipes(join(folder, 'pipes'))
  const runners = new WarmCalls({ clock: systemClock, agent: `bench-${process.pid}`, folder: join(folder, 'pipes') })
  const { call, input, texts } = makeCall()
  await mkdir(join(folder, 'texts'))
  for (const text of texts.values()) await writeFile(join(folder, input.path), text)
  const assignment = assignmentOf({})
  const command: FollowedCommand = {
    program: { kind: 'calls', task: { kind: 'functions', calls: [call] } },
    env: { PATH: '/usr/bin:/bin' },
    signal: new AbortController().signal,
    graceMs: () => 0,
    print: () => undefined,
    mark: markFor('bench', assignment),
    clock: systemClock,
    pipes,
    groups: new Set(),
    watchOf: () => () => () => undefined,
    usageOf: async () => undefined,
  }
  const run = () => runners.run({ assignment, root: folder, calls: [call] }, command)
  await Promise.all(Array.from({ length: cores }, run))
  const startedAt = performance.now()
  let left = calls
  const runSome = async () => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: cores }, runSome))
  report('runners alone', startedAt)
  await runners.close()
  await rm(folder, { recursive: true })
}

async function measureWorkerThreads(): Promise<void> {
  const program = `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', ([a, b]) => parentPort.postMessage(a + b))`
  const workers = Array.from({ length: cores }, () => new Worker(program, { eval: true }))
  const startedAt = performance.now()
  let left = calls
  await Promise.all(
    workers.map(async (worker) => {
      while (left-- > 0) {
        worker.postMessage([1, 2])
        await new Promise((resolve) => worker.once('message', resolve))
      }
    }),
  )
  report('worker threads', startedAt)
  await Promise.all(workers.map((worker) => worker.terminate()))
}

function measurePython(): void {
  const program = `import operator
from concurrent.futures import ProcessPoolExecutor
if __name__ == '__main__':
    with ProcessPoolExecutor(${cores}) as pool:
        for result in pool.map(operator.add, range(${calls}), range(${calls})):
            pass`
  const startedAt = performance.now()
  const { error } = spawnSync('python3', ['-c', program], { stdio: 'inherit' })
  if (error === undefined) report("Python's ProcessPoolExecutor", startedAt)
}

function makeCall() {
  const fn = capture((a: number, b: number) => a + b, { job: undefined, label: 'the function' })
  const given = capture([1, 2], { job: undefined, label: 'the arguments' })
  const path = 'texts/code.mjs'
  const call: FunctionCall = {
    name: 'add',
    function: { code: { path }, values: fn.values },
    arguments: { values: given.values },
    files: [],
    results: {},
  }
  const input: Input = { kind: 'text', name: 'code.mjs', path }
  return { call, input, texts: new Map([['code.mjs', fn.code ?? '']]) }
}

function report(name: string, startedAt: number, more = ''): void {
  const seconds = (performance.now() - startedAt) / 1000
  const rate = (calls / seconds).toFixed(0).padStart(7)
  console.log(`${name.padEnd(30)} ${rate} calls/s  (${seconds.toFixed(2)} s${more})`)
}
