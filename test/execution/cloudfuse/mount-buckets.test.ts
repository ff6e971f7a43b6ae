import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobTemplate } from 'graupel/model'
import { afterEach, expect, test, vi } from 'vitest'
import {
  mountBuckets,
  unmountBuckets,
  unmountLeftovers,
} from '../../../client/src/execution/cloudfuse/mount-buckets.ts'
import { planMounts } from '../../../client/src/execution/cloudfuse/mount-plan.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { assignmentOf } from '../attempt-bed.ts'

const makeFolder = useTemporaryFolders()

afterEach(() => {
  vi.unstubAllEnvs()
})

const two = [
  { bucket: 'reference', mountPoint: '/reference', readOnly: true },
  { bucket: 'gs://results/of/mine/', mountPoint: '/data', readOnly: false },
]

const planned = (template: Partial<JobTemplate>, folder = '/mounts') =>
  planMounts({ ...assignmentOf({ template }), name: 'align' }, folder, '7:8')

/** Programs of this name that write down what they are asked, and then do as they are told. */
async function standIns(gcsfuse: string | undefined) {
  const folder = await makeFolder()
  const log = join(folder, 'asked')
  const scripts = { fusermount: 'true', ...(gcsfuse === undefined ? {} : { gcsfuse }) }
  await mkdir(join(folder, 'bin'))
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, 'bin', name)
    await writeFile(path, `#!/bin/sh\necho ${name} "$@" >> ${log}\n${script}\n`)
    await chmod(path, 0o755)
  }
  vi.stubEnv('PATH', gcsfuse === undefined ? join(folder, 'bin') : `${join(folder, 'bin')}:/usr/bin:/bin`)
  return { mounts: join(folder, 'mounts'), asked: async () => (await readFile(log, 'utf8')).trim().split('\n') }
}

test('buckets are mounted read-only unless the job says otherwise, and a part of one as its folder', () => {
  const plan = planned({ cloudfuse: two, requesterPaysProject: 'payer' })
  const place = '/mounts/testbatch-1-1'
  const user = ['--uid', '7', '--gid', '8', '--billing-project', 'payer']
  expect(plan.map(({ mount }) => mount)).toEqual([
    ['gcsfuse', '--implicit-dirs', '-o', 'allow_other', '-o', 'ro', ...user, '--', 'reference', `${place}/0`],
    [
      'gcsfuse',
      '--implicit-dirs',
      '-o',
      'allow_other',
      ...user,
      '--only-dir',
      'of/mine',
      '--',
      'results',
      `${place}/1`,
    ],
  ])
  expect(plan.map(({ mountPoint, readOnly }) => [mountPoint, readOnly])).toEqual([
    ['/reference', true],
    ['/data', false],
  ])
  expect(planned({})).toEqual([])
})

test('all are mounted, and their folders are gone afterwards', async () => {
  const { mounts, asked } = await standIns('true')
  const plan = planned({ cloudfuse: two }, mounts)
  await mountBuckets(plan, assignmentOf({}))
  expect(await readdir(join(mounts, 'testbatch-1-1'))).toEqual(['0', '1'])
  await unmountBuckets(plan)
  expect(await readdir(mounts)).toEqual([])
  expect((await asked()).map((line) => line.split(' ')[0])).toEqual(['gcsfuse', 'gcsfuse', 'fusermount', 'fusermount'])
})

test('a machine without gcsfuse says so, for good', async () => {
  const { mounts } = await standIns(undefined)
  const mounting = mountBuckets(planned({ cloudfuse: two }, mounts), { ...assignmentOf({}), name: 'align' })
  await expect(mounting).rejects.toMatchObject({
    faultCause: 'image',
    message:
      "Job 'align' mounts the bucket 'reference' at '/reference', and this worker has no gcsfuse; read the files as inputs.",
  })
  expect(await readdir(mounts)).toEqual([])
})

test('a bucket that cannot be mounted is told in the words of gcsfuse, and those before it are given back', async () => {
  const { mounts, asked } = await standIns('case "$*" in *results*) echo "bucket not found" >&2; exit 1;; esac')
  const mounting = mountBuckets(planned({ cloudfuse: two }, mounts), { ...assignmentOf({}), name: 'align' })
  await expect(mounting).rejects.toMatchObject({
    faultCause: 'staging',
    message: "Job 'align' mounts the bucket 'gs://results/of/mine/' at '/data', which failed: bucket not found",
  })
  expect((await asked()).at(-2)).toBe(`fusermount -u -z ${join(mounts, 'testbatch-1-1', '0')}`)
  expect(await readdir(mounts)).toEqual([])
})

test('what is still mounted is never deleted', async () => {
  const { mounts, asked } = await standIns('true')
  const plan = planned({ cloudfuse: two }, mounts)
  await mountBuckets(plan, assignmentOf({}))
  const precious = join(plan[0]?.place ?? '', 'precious')
  await writeFile(precious, 'an object')
  await unmountBuckets(plan)
  await unmountLeftovers(mounts)
  expect(await readFile(precious, 'utf8')).toBe('an object')
  expect((await asked()).at(-1)).toBe(`fusermount -u -z ${plan[0]?.place}`)
})
