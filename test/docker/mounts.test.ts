import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContainerSandbox, runAttempt, systemClock } from 'graupel/execution'
import { checkpointSchema, objectPaths } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { assignmentOf, type JobUnderTest, root } from '../execution/attempt-bed.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-test-${crypto.randomUUID()}`
const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('what a container sees beside its files', () => {
  let folder: string
  let objects: MemoryObjectStore

  beforeAll(() => makeImage(image, ['sh', 'cat', 'mkdir', 'touch']))
  afterAll(() => removeImage(image))

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-mounts-'))
    objects = new MemoryObjectStore({ schemes: ['memory'] })
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  const run = (job: JobUnderTest) =>
    runAttempt(assignmentOf({ shell: '/bin/sh', ...job, template: { image, memoryBytes: 2 ** 26, ...job.template } }), {
      objects,
      sandbox: new ContainerSandbox({
        scratch: join(folder, 'attempts'),
        mountsFolder: join(folder, 'mounts'),
        objects,
        clock: systemClock,
        agent: `agent-${crypto.randomUUID()}`,
        connect: async () => docker,
        user: `${process.getuid?.()}:${process.getgid?.()}`,
      }),
      signal: new AbortController().signal,
      clock: systemClock,
      retryMs: 1,
    })

  /** Instead of a bucket, a folder with one file. */
  async function standIns(): Promise<void> {
    const write = async (name: string, script: string) => {
      await writeFile(join(folder, name), `#!/bin/sh\nfor place; do :; done\n${script}\n`)
      await chmod(join(folder, name), 0o755)
    }
    await write('gcsfuse', 'echo from the bucket > "$place/object"')
    await write('fusermount', 'rm "$place"/*')
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  }

  it('is its buckets, read-only unless it says otherwise, and nothing of them is left here', async () => {
    await standIns()
    const cloudfuse = [
      { bucket: 'reference', mountPoint: '/reference', readOnly: true },
      { bucket: 'results', mountPoint: '/data', readOnly: false },
    ]
    const script =
      'read line < /reference/object; test "$line" = "from the bucket"; touch /data/new; ! touch /reference/new'
    expect(await run({ script, template: { cloudfuse } })).toMatchObject({ cause: 'success' })
    expect(await readdir(join(folder, 'mounts'))).toEqual([])
    expect(await readdir(join(folder, 'attempts'))).toEqual([])
  })

  it('is its checkpoint folder, which the next attempt finds', async () => {
    const template = { checkpoint: { everyMs: 3_600_000 } }
    const leaves = 'echo "$GRAUPEL_CHECKPOINT_DIR" > "$GRAUPEL_CHECKPOINT_DIR/where"; exit 3'
    expect(await run({ script: leaves, template })).toMatchObject({ cause: 'failed', exitCode: 3 })
    const stored = checkpointSchema.parse(
      JSON.parse(String(Buffer.from(await objects.read(objectPaths.checkpoint(root, 1))))),
    )
    expect(stored.content.files.map(({ path }) => path)).toEqual(['where'])
    const finds = 'read place < /io/batch/testbatch/checkpoint/where; test "$place" = "$GRAUPEL_CHECKPOINT_DIR"'
    expect(await run({ attempt: 2, script: finds, template })).toMatchObject({ cause: 'success' })
  })
})
