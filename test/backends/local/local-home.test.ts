import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Batch, InvalidBatchError, LocalBackend } from 'graupel'
import { describe, expect, test } from 'vitest'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { quiet } from '../../suites/home.ts'

const makeFolder = useTemporaryFolders()

/** Every file below a folder, by name. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )

describe('LocalBackend', () => {
  test('keeps only the logs after a run, and nothing after it is closed', async () => {
    const tmpDir = await makeFolder()
    const backend = new LocalBackend({ tmpDir, cpus: 1 })
    const batch = new Batch({ backend })
    const make = batch.newJob({ name: 'make', outputs: ['x'] })
    make.command`echo x > ${make.out.x}; echo printed`
    batch.newJob({ name: 'use' }).command`cat ${make.out.x} > /dev/null`
    const run = await batch.run(quiet)
    const files = filesBelow(tmpDir)
    expect(files).toHaveLength(1)
    expect(files[0]).toContain('/logs/')
    expect(await run.job(make).log()).toBe('printed\n')
    await backend.close()
    expect(readdirSync(tmpDir)).toEqual([])
  })

  test('keeps the files of a run that asks for it when it is closed, and those of no other', async () => {
    const tmpDir = await makeFolder()
    let keptBatch: string | undefined
    {
      await using backend = new LocalBackend({ tmpDir, cpus: 1 })
      const batch = new Batch({ backend })
      const make = batch.newJob({ name: 'make', outputs: ['x'] })
      make.command`echo kept > ${make.out.x}`
      batch.newJob({ name: 'use' }).command`test -s ${make.out.x}`
      const { id } = await batch.run({ ...quiet, deleteScratchOnExit: false })
      const other = new Batch({ backend })
      other.newJob({ name: 'other' }).command`echo printed`
      await other.run(quiet)
      keptBatch = id
    }
    expect(filesBelow(tmpDir).some((file) => file.endsWith('/x'))).toBe(true)
    expect(readdirSync(tmpDir).flatMap((home) => readdirSync(join(tmpDir, home)))).toEqual([keptBatch])
  })

  test('closes when what runs has ended, and takes nothing after that', async () => {
    const folder = await makeFolder()
    const backend = new LocalBackend({ cpus: 1 })
    const batch = new Batch({ backend })
    batch.newJob({ name: 'late' }).command`sleep 0.3; touch ${join(folder, 'done')}`
    await batch.run({ ...quiet, wait: false })
    await backend.close()
    await backend.close()
    expect(existsSync(join(folder, 'done'))).toBe(true)
    await expect(new Batch({ backend }).run(quiet)).rejects.toThrow(/has been closed/)
  })

  test('runs several batches at once', async () => {
    await using backend = new LocalBackend({ cpus: 2 })
    const runs = await Promise.all(
      [1, 2, 3].map((i) => {
        const batch = new Batch({ backend, name: `batch ${i}` })
        batch.newJob({ name: 'x' }).command`true`
        return batch.run(quiet)
      }),
    )
    expect(new Set(runs.map(({ id }) => id)).size).toBe(3)
  })

  test('finds a batch of its own, and no other', async () => {
    await using backend = new LocalBackend({ cpus: 1 })
    const batch = new Batch({ backend })
    const job = batch.newJob({ name: 'x' }).command`true`
    const { id } = await batch.run(quiet)
    const found = await Batch.fromBatchId(id, { backend })
    found.newJob({ name: 'y' }).dependsOn(found.job(1)).command`true`
    const run = await found.run(quiet)
    expect(run.id).toBe(id)
    expect(await run.job(1).status()).toMatchObject({ name: job.name, state: 'Success' })
    await expect(Batch.fromBatchId('nosuchbatch', { backend })).rejects.toThrow(/'nosuchbatch'/)
  })

  test.each([
    ['cloudfuse', (batch: Batch) => batch.newJob({ name: 'mounts' }).cloudfuse('bucket', '/mnt', {})],
    ['accelerator', (batch: Batch) => batch.newJob({ name: 'mounts' }).accelerator({ type: 'nvidia-l4' })],
  ])('refuses %s before anything runs, by the name of the job', async (setting, make) => {
    await using backend = new LocalBackend({ cpus: 1 })
    const batch = new Batch({ backend })
    make(batch).command`true`
    const error = await batch.run(quiet).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(InvalidBatchError)
    expect(String(error)).toContain(`'mounts' asks for ${setting}`)
  })

  test.each([0, -1, Number.NaN])('refuses %d cpus', (cpus) => {
    expect(() => new LocalBackend({ cpus })).toThrow(/cpus/)
  })
})
