// Jobs per second of LocalBackend for independent `true` jobs, next to make and xargs on the same machine:
// `node test/bench/local-backend.ts [jobs]`
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Batch, LocalBackend } from 'graupel'

const jobs = Math.min(Number(process.argv[2] ?? 10_000), 100_000)
const cores = availableParallelism()
const folder = await mkdtemp(join(tmpdir(), 'graupel-bench-'))

console.log(`${jobs} independent jobs, ${cores} cores`)
await measureGraupel('barriers, no command', (batch) => batch.newJob())
await measureGraupel('graupel LocalBackend', (batch) => batch.newJob().command('true'))
await measureMake()
measureXargs()
await rm(folder, { recursive: true })

async function measureGraupel(name: string, addJob: (batch: Batch) => unknown): Promise<void> {
  await using backend = new LocalBackend({ tmpDir: folder })
  const batch = new Batch({ name, backend })
  for (let job = 0; job < jobs; job++) addJob(batch)
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  await batch.run({ progress: false })
  const { user, system } = process.cpuUsage(cpu)
  report(name, startedAt, `, ${((user + system) / 1000 / jobs).toFixed(2)} ms of its own time per job`)
}

async function measureMake(): Promise<void> {
  const targets = Array.from({ length: jobs }, (_, job) => `t${job}`).join(' ')
  // `true ;` has a character that only a shell understands: make starts bash for each job, as graupel does.
  const rules = `SHELL=/bin/bash\nall: ${targets}\n${targets}:\n\t@true ;\n.PHONY: ${targets}\n`
  await writeFile(join(folder, 'Makefile'), rules)
  const startedAt = performance.now()
  spawnSync('make', ['-s', '-j', String(cores), '-C', folder], { stdio: 'inherit' })
  report(`make -j ${cores}`, startedAt)
}

function measureXargs(): void {
  const input = Array.from({ length: jobs }, (_, job) => job).join('\n')
  const startedAt = performance.now()
  spawnSync('xargs', ['-P', String(cores), '-n', '1', '/bin/bash', '-c', 'true'], { input })
  report(`xargs -P ${cores} bash -c true`, startedAt)
}

function report(name: string, startedAt: number, more = ''): void {
  const seconds = (performance.now() - startedAt) / 1000
  const rate = (jobs / seconds).toFixed(0).padStart(6)
  console.log(`${name.padEnd(28)} ${rate} jobs/s  (${seconds.toFixed(1)} s${more})`)
}
