import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { killProcessesOf, ProcessSandbox, systemClock } from 'graupel/execution'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { AttemptBed, output } from '../attempt-bed.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
  await bed.close()
})

const mebibyte = 2 ** 20
const isLinux = process.platform === 'linux'

/** Takes so much and keeps it, a child of the shell. */
const take = (mebibytes: number) =>
  `perl -e '$x = "x" x (${mebibytes} * 1024 * 1024); print "has it\\n"; $| = 1; print ""; sleep 60'`

describe.skipIf(!isLinux)(`the memory of a job without image${isLinux ? '' : ' (it is watched on Linux only)'}`, () => {
  it('is its limit: more of it ends the job, by that name', async () => {
    const end = await bed.run({ script: take(300), template: { memoryBytes: 64 * mebibyte } })
    expect(end).toMatchObject({
      cause: 'outOfMemory',
      exitCode: 137,
      message: expect.stringContaining('64 MiB'),
    })
  })

  it('is that of all its processes together', async () => {
    const script = `for i in 1 2 3; do ${take(60)} & done; wait`
    expect((await bed.run({ script, template: { memoryBytes: 128 * mebibyte } })).cause).toBe('outOfMemory')
  })

  it('is also that of a child that has left the group', async () => {
    const script = `setsid ${take(300)} & wait`
    expect((await bed.run({ script, template: { memoryBytes: 64 * mebibyte } })).cause).toBe('outOfMemory')
  })

  it('counts what processes share once', async () => {
    const share = `$x = "x" x (60 * 1024 * 1024); for (1 .. 5) { next if fork; sleep 2; exit } wait for 1 .. 5`
    const end = await bed.run({ script: `perl -e '${share}'`, template: { memoryBytes: 128 * mebibyte } })
    expect(end.cause).toBe('success')
  })

  it('is not address space', async () => {
    const script = `'${process.execPath}' -e 'setTimeout(() => console.log(process.memoryUsage().rss), 1000)'`
    expect((await bed.run({ script, template: { memoryBytes: 256 * mebibyte } })).cause).toBe('success')
    expect(Number(await bed.log())).toBeLessThan(256 * mebibyte)
  })

  it('is defended by the system itself: a job goes before its agent', async () => {
    await bed.run({ script: 'cat /proc/$$/oom_score_adj' })
    expect(Number(await bed.log())).toBeGreaterThan(Number(readFileSync('/proc/self/oom_score_adj', 'utf8')))
  })
})

it.skipIf(!isLinux)('a job without image that has too many processes is ended, all of them', async () => {
  const { scratch, objects, agent } = bed
  const place = { scratch: join(scratch, 'attempts'), objects, agent, clock: systemClock }
  const sandbox = new ProcessSandbox({ ...place, hostEnvironment: { PATH: '/usr/bin:/bin' }, processesPerCore: 40 })
  onTestFinished(() => sandbox.close())
  const script = 'for i in $(seq 80); do (sleep 60 & sleep 60) & done; wait'
  expect(await bed.run({ script, template: { cpuMillis: 1000 } }, { sandbox })).toMatchObject({
    cause: 'failed',
    exitCode: 137,
    message: expect.stringContaining('at most 40'),
  })
})

const group = `/sys/fs/cgroup/memory/graupel-test-${process.pid}`

/** A group of processes with little memory, in which the system itself ends who takes more; or why there is none. */
function makeSmallGroup(): string | undefined {
  try {
    mkdirSync(group)
    writeFileSync(`${group}/memory.limit_in_bytes`, String(64 * mebibyte))
    return undefined
  } catch (error) {
    console.log(`a kill by the system is not tested: no group of processes can be made here (${String(error)})`)
    return String(error)
  }
}

it('tells a kill by the system, whose memory is used up, from other kills', async () => {
  if (makeSmallGroup() !== undefined) return
  try {
    const end = await bed.run({ script: `echo $$ > ${group}/cgroup.procs; exec ${take(300)}` })
    expect(end).toMatchObject({ cause: 'outOfMemory', exitCode: 137, message: expect.stringContaining('used up') })
  } finally {
    rmdirSync(group)
  }
})

describe('the storage of a job', () => {
  const script = 'head -c 100000000 /dev/zero > job/big; sleep 60'

  it('is its limit: more of it ends the job, by that name', async () => {
    const end = await bed.run({ script, template: { storageBytes: 16 * mebibyte } })
    expect(end).toMatchObject({ cause: 'outOfDisk', message: expect.stringMatching(/took \d+ MiB.* 16 MiB/) })
  })

  it('counts what has been deleted and is still open', async () => {
    const hidden = 'exec 3> gone; rm gone; head -c 100000000 /dev/zero >&3; sleep 60'
    const end = await bed.run({ script: hidden, template: { storageBytes: 16 * mebibyte } })
    expect(end).toMatchObject({ cause: 'outOfDisk', message: expect.stringMatching(/took \d+ MiB.* 16 MiB/) })
  })

  it('is what the disk has if it asks for none', async () => {
    const end = await bed.run({ script: script.replace('sleep 60', 'sleep 1'), detail: { outputs: [output('big')] } })
    expect(end.cause).toBe('success')
  })
})
