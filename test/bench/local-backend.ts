import { performance } from 'node:perf_hooks'
import { Batch, LocalBackend } from 'graupel'

/** Jobs per second of trivial jobs on this machine: `node test/bench/local-backend.ts 2000`. */
const jobs = Number(process.argv[2] ?? 1000)
const kinds = {
  barriers: (batch: Batch) => batch.newJob({ cpu: 0.25 }),
  commands: (batch: Batch) => batch.newJob({ cpu: 0.25 }).command`true`,
} as const

for (const [kind, make] of Object.entries(kinds)) {
  await using backend = new LocalBackend()
  const batch = new Batch({ backend, name: kind })
  for (let i = 0; i < jobs; i++) make(batch)
  const begun = performance.now()
  const cpu = process.cpuUsage()
  await batch.run({ progress: false })
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    `${jobs} ${kind}: ${seconds.toFixed(2)} s, ${(jobs / seconds).toFixed(0)} jobs/s, ` +
      `${(user / 1000 / jobs).toFixed(2)} + ${(system / 1000 / jobs).toFixed(2)} ms of user and system time per job`,
  )
}
