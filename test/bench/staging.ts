import { fork, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProcessSandbox, runAttempt, systemClock } from 'graupel/execution'
import { type Assignment, batchId, defaultRetryPolicy, type Input, type Output, shardId } from 'graupel/model'
import {
  CachingObjectStore,
  DownloadCache,
  FileObjectStore,
  fileUriOf,
  GcsObjectStore,
  type ObjectStore,
} from 'graupel/storage'

/**
 * How fast a folder goes out of one job and into the next, next to `cp -r` on the same disk:
 * `node test/bench/staging.ts [MiB] [files…]`; default 1024 MiB in 1, 100 and 10,000 files. On the local store, where a folder
 * is linked; and on the object server, a process of its own on the same cores as the worker and the disk.
 */
const [mib = 1024, ...counts] = process.argv.slice(2).map(Number)
const fileCounts = counts.length > 0 ? counts : [1, 100, 10_000]
const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
console.log(`${mib} MiB, ${availableParallelism()} cores; seconds (MiB/s)`)

const server = fork(fileURLToPath(new URL('staging-server.ts', import.meta.url)), [join(folder, 'buckets')])
const [url] = await once(server, 'message')
try {
  for (const count of fileCounts) await measure(count)
} finally {
  server.kill()
  await once(server, 'exit')
  await rm(folder, { recursive: true, force: true })
}

async function measure(count: number): Promise<void> {
  const source = join(folder, `source-${count}`)
  await fill(source, count)
  console.log(`\n${count} file${count === 1 ? '' : 's'}`)
  await time('cp -r', async () => void spawnSync('cp', ['-r', source, join(folder, 'copied')]))
  const own = join(folder, 'own')
  const local = new FileObjectStore({ ownFolders: [own, join(folder, 'scratch')] })
  await measureStore('local store', source, local, fileUriOf(join(own, 'batch')))
  const bucket = new GcsObjectStore({ apiEndpoint: String(url) })
  await measureStore('object server', source, bucket, `gs://bench/${count}`)
  const cache = new DownloadCache({ folder: join(folder, 'scratch', 'cache'), maxBytes: 2 ** 40 })
  await measureStore(
    'object server, cached',
    source,
    new CachingObjectStore(bucket, cache),
    `gs://bench/${count}-cached`,
    3,
  )
  for (const name of ['copied', 'own', 'scratch', `source-${count}`])
    await rm(join(folder, name), { recursive: true, force: true })
  const objects = await Array.fromAsync(bucket.list('gs://bench/'))
  await Promise.all(objects.map(({ uri }) => bucket.delete(uri)))
}

/** One job makes the folder, which costs a copy besides; as many others as there are `readers` get it, one after the other. */
async function measureStore(
  name: string,
  source: string,
  objects: ObjectStore,
  root: string,
  readers = 1,
): Promise<void> {
  const agent = `bench-${process.pid}`
  const scratch = join(folder, 'scratch')
  const sandbox = new ProcessSandbox({
    scratch,
    objects,
    clock: systemClock,
    agent,
    hostEnvironment: { PATH: '/usr/bin:/bin' },
  })
  const outputs = [{ name: 'out', path: 'make/out', isNeeded: true, destinations: [] }]
  const input: Input = { kind: 'job', job: 1, path: 'make/out' }
  let madeAt = 0
  const run = async (assignment: Assignment) => {
    const end = await runAttempt(assignment, {
      objects,
      sandbox,
      clock: systemClock,
      signal: new AbortController().signal,
    })
    if (end.cause !== 'success') throw new Error(`${name}: ${end.message}`)
  }
  await run(assignmentOf(1, root, `cp -r ${source} make/out; date +%s%3N > ${join(folder, 'made')}`, [], outputs))
  madeAt = Number(spawnSync('cat', [join(folder, 'made')], { encoding: 'utf8' }).stdout)
  report(`${name}, out`, (Date.now() - madeAt) / 1000)
  for (let reader = 1; reader <= readers; reader++)
    await time(`${name}, in${readers > 1 ? `, job ${reader}` : ''}`, () =>
      run(assignmentOf(1 + reader, root, 'true', [input], [])),
    )
  await sandbox.close()
}

function assignmentOf(job: number, root: string, script: string, inputs: Input[], outputs: Output[]): Assignment {
  return {
    batch: batchId('benchmark'),
    shard: shardId(0),
    job,
    attempt: 1,
    lane: 0,
    token: '',
    root,
    memoryBytes: 2 ** 30,
    template: {
      env: {},
      cpuMillis: 1000,
      memoryBytes: 2 ** 30,
      storageBytes: 0,
      alwaysRun: false,
      alwaysCopyOutput: false,
      spot: true,
      retry: defaultRetryPolicy,
    },
    detail: {
      task: { kind: 'bash', shell: '/bin/bash', script: [script] },
      directory: 'make',
      inputs,
      links: [],
      outputs,
    },
  }
}

async function fill(place: string, count: number): Promise<void> {
  await mkdir(place)
  const sizeBytes = Math.floor((mib * 2 ** 20) / count)
  const block = randomBytes(Math.min(sizeBytes, 4 * 2 ** 20))
  for (let index = 0; index < count; index++) {
    await using file = await open(join(place, `file-${index}`), 'w')
    for (let left = sizeBytes; left > 0; left -= block.length) await file.write(block, 0, Math.min(left, block.length))
  }
}

async function time(name: string, action: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  await action()
  report(name, (performance.now() - startedAt) / 1000)
}

function report(name: string, seconds: number): void {
  console.log(`${name.padEnd(32)} ${seconds.toFixed(2).padStart(7)} s  (${(mib / seconds).toFixed(0)})`)
}
