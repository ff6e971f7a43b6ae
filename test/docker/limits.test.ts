import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DiskWatch, systemClock } from 'graupel/execution'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ContainerBed } from './container-bed.ts'
import { makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const run = promisify(execFile)
const image = `graupel-limits-${crypto.randomUUID()}`
const programs = [
  'sh',
  'sleep',
  'cat',
  'id',
  'head',
  'ls',
  'chown',
  'touch',
  'mkdir',
  'stat',
  'ping',
  'mknod',
  'grep',
  'wc',
  'kill',
]
const reason = await reasonToSkip()
const isRoot = process.getuid?.() === 0
const mebibyte = 2 ** 20

describe.skipIf(reason !== undefined)('a container', () => {
  let bed: ContainerBed

  beforeAll(() => makeImage(image, programs))
  afterAll(() => removeImage(image))

  beforeEach(async () => {
    bed = await ContainerBed.make({ image })
  })

  afterEach(() => bed.close())

  it('has the privileges that installing packages needs, and no more', async () => {
    await bed.run({ script: 'cat /proc/self/status' })
    const status = await bed.log()
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    if (!isRoot) return
    // CHOWN 0, DAC_OVERRIDE 1, FOWNER 3, FSETID 4, KILL 5, SETGID 6, SETUID 7
    for (const set of ['CapEff', 'CapPrm', 'CapBnd'])
      expect(status).toMatch(new RegExp(`^${set}:\t00000000000000fb$`, 'm'))
    expect((await bed.run({ script: 'touch /tmp/x; chown 7:7 /tmp/x' })).cause).toBe('success')
    expect((await bed.run({ script: 'mknod /tmp/disk b 7 0' })).cause).toBe('failed')
  })

  it('gets a privilege back by a flag, and loses one', async () => {
    const extraRunFlags = ['--cap-add=MKNOD', '--cap-drop=CHOWN']
    await bed.run({ script: 'cat /proc/self/status' }, { extraRunFlags, user: '0:0' })
    expect(await bed.log()).toMatch(/^CapEff:\t00000000080000fa$/m)
  })

  it('has no more processor than its job asked for', async () => {
    const script =
      'cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us || true'
    await bed.run({ script, template: { cpuMillis: 500 } })
    expect(await bed.log()).toMatch(/50000\s100000/)
  })

  it('has 4096 processes for each core', async () => {
    await bed.run({
      script: 'cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max || true',
      template: { cpuMillis: 1500 },
    })
    expect(await bed.log()).toContain('8192\n')
  })

  it('survives as a fork bomb, and its agent and its neighbour with it', async () => {
    const bomb = 'while :; do sleep 60 & done'
    const [bombed, neighbour] = await Promise.all([
      bed.run({ script: bomb, template: { timeoutMs: 2000 } }, { extraRunFlags: ['--pids-limit', '32'] }),
      bed.run({ job: 2, script: 'echo fine' }),
    ])
    expect(bombed.cause).toMatch(/^(failed|timeout)$/)
    expect(neighbour.cause).toBe('success')
  })

  it('goes before its agent when the machine runs out of memory', async () => {
    await bed.run({ script: 'cat /proc/self/oom_score_adj' })
    expect(await bed.log()).toBe('500\n')
  })

  it.each(['$BATCH_TMPDIR/big', '/tmp/big'])('ends when it writes more than its storage to %s', async (place) => {
    const script = `head -c 100000000 /dev/zero > "${place}"; sleep 60`
    const end = await bed.run({ script, template: { storageBytes: 16 * mebibyte } })
    expect(end).toMatchObject({ cause: 'outOfDisk', message: expect.stringMatching(/took \d+ MiB.* 16 MiB/) })
  })

  it.skipIf(!isRoot)('ends when it fills the disk of its machine, and its neighbour goes on', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'graupel-full-'))
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'graupel-test', scratch])
    try {
      const shared = { scratch, diskWatch: new DiskWatch(scratch, systemClock) }
      const [greedy, modest] = await Promise.all([
        bed.run({ script: 'head -c 66000000 /dev/zero > big || true; sleep 60' }, shared),
        bed.run(
          {
            job: 2,
            script: 'head -c 1000 /dev/zero > small; sleep 60',
            template: { timeoutMs: 5000 },
          },
          shared,
        ),
      ])
      expect(greedy).toMatchObject({
        cause: 'outOfDisk',
        message: expect.stringContaining('disk of the machine is full'),
      })
      expect(modest.cause).toBe('timeout')
      expect(await readdir(scratch)).toEqual([])
    } finally {
      await run('umount', [scratch])
      await rm(scratch, { recursive: true, force: true })
    }
  })
})

describe.skipIf(reason !== undefined || !isRoot)('a container whose agent is root', () => {
  let bed: ContainerBed
  const theirs = `graupel-user-${crypto.randomUUID()}`

  beforeAll(() => makeImage(theirs, programs, ['USER 1234:2345']))
  afterAll(() => removeImage(theirs))

  beforeEach(async () => {
    bed = await ContainerBed.make({ image: theirs })
  })

  afterEach(() => bed.close())

  it('runs as the image’s user, who can write where a job writes and read what it is given', async () => {
    const input = join(bed.scratch, 'private')
    await mkdir(input, { mode: 0o700 })
    await run('sh', ['-c', 'umask 077; echo secret > "$1/x"', 'sh', input])
    const script =
      'id -u; id -g; cat in/private/x; touch in/private/x.index a; mkdir b; mkdir job/out; echo 1 > job/out/made'
    const end = await bed.run({
      script,
      detail: {
        inputs: [{ kind: 'object', uri: `file://${input}/`, path: 'in/private' }],
        outputs: [{ name: 'out', path: 'job/out', isNeeded: true, destinations: ['gs://b/out'] }],
      },
    })
    expect(end.cause).toBe('success')
    expect(await bed.log()).toBe('1234\n2345\nsecret\n')
    expect(await bed.objects.stat('gs://b/out/made')).toBeDefined()
  })
})
