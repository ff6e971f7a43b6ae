import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { manifestSchema, objectPaths } from 'graupel/model'
import { FileObjectStore, fileUriOf, routeByScheme } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AttemptBed, output, root } from '../attempt-bed.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  await bed.close()
})

const destination = 'gs://bucket/result'
const outputs = [output('out', destination)]
const manifest = objectPaths.manifest(root, 1)
const winnerOf = async () => manifestSchema.parse(JSON.parse(await bed.text(manifest))).attempt

describe('an attempt that succeeds', () => {
  it('commits its files by a manifest, and then copies them to their destinations', async () => {
    expect((await bed.run({ script: 'echo 1 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(await winnerOf()).toBe(1)
    expect(await bed.text(destination)).toBe('1\n')
  })

  it('copies folders to their destinations file by file', async () => {
    await bed.run({ script: 'mkdir -p job/out/b; echo a > job/out/a; echo c > job/out/b/c', detail: { outputs } })
    expect(await bed.uris('gs://bucket/')).toEqual([`${destination}/a`, `${destination}/b/c`])
  })

  it('keeps empty folders at their destinations, as consoles do', async () => {
    await bed.run({ script: 'mkdir -p job/out/b/c job/out/d; echo a > job/out/a', detail: { outputs } })
    expect(await bed.uris('gs://bucket/')).toEqual([`${destination}/a`, `${destination}/b/c/`, `${destination}/d/`])
  })

  it('makes an empty folder at the destination of an output that is one', async () => {
    const local = join(bed.scratch, 'result')
    const objects = routeByScheme({ memory: bed.objects, gs: bed.objects, file: new FileObjectStore() })
    const outputs = [output('out', destination, fileUriOf(local))]
    expect((await bed.run({ script: 'mkdir job/out', detail: { outputs } }, { objects })).cause).toBe('success')
    expect(await bed.uris('gs://bucket/')).toEqual([`${destination}/`])
    expect(await readdir(local)).toEqual([])
  })

  it('reports the success of another attempt that was faster, with that one’s files', async () => {
    await bed.run({ attempt: 2, script: 'echo 2 > job/out', detail: { outputs } })
    expect((await bed.run({ attempt: 1, script: 'echo 1 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(await winnerOf()).toBe(2)
    expect(await bed.text(destination)).toBe('2\n')
  })

  it('finds its own manifest when the answer to its writing was lost', async () => {
    const write = bed.objects.write.bind(bed.objects)
    let isLost = false
    bed.objects.write = async (uri, ...rest) => {
      const info = await write(uri, ...rest)
      if (uri === manifest && !isLost) {
        isLost = true
        throw new Error('connection reset')
      }
      return info
    }
    expect((await bed.run({ script: 'echo 1 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(isLost).toBe(true)
    expect(await bed.text(destination)).toBe('1\n')
  })
})

describe('an attempt that finds a manifest', () => {
  it('does not run, but copies the files to their destinations again', async () => {
    await bed.run({ script: 'echo 1 > job/out', detail: { outputs } })
    await bed.objects.delete(destination)
    const end = await bed.run({ attempt: 2, script: 'echo 2 > job/out', detail: { outputs } })
    expect(end.cause).toBe('success')
    expect(end.startedAt).toBeUndefined()
    expect(await bed.text(destination)).toBe('1\n')
  })

  it('looks once more before it reports anything but success', async () => {
    const other = JSON.stringify({ job: 1, attempt: 2, outputs: {} })
    const wins = { onStarted: () => void bed.objects.write(manifest, other) }
    expect((await bed.run({ script: 'exit 1', detail: { outputs } }, wins)).cause).toBe('success')
    expect(await winnerOf()).toBe(2)
  })
})

describe('an attempt that fails', () => {
  const failing = { script: 'echo failed > job/out; exit 1', detail: { outputs } }

  it('writes no manifest and no destination', async () => {
    await bed.run(failing)
    expect(await bed.uris('gs://')).toEqual([])
    expect(await bed.objects.stat(manifest)).toBeUndefined()
    expect(await bed.objects.stat(objectPaths.partial(root, 1, 1))).toBeDefined()
  })

  it('writes its destinations if the job always copies its output', async () => {
    await bed.run({ ...failing, template: { alwaysCopyOutput: true } })
    expect(await bed.text(destination)).toBe('failed\n')
  })

  it('writes over what was there before it began', async () => {
    await bed.objects.write(destination, 'earlier run')
    await bed.run({ ...failing, template: { alwaysCopyOutput: true } })
    expect(await bed.text(destination)).toBe('failed\n')
  })

  it('gives up on a destination that has changed since its commands began', async () => {
    const changes = { onStarted: () => void bed.objects.write(destination, 'success') }
    expect((await bed.run({ ...failing, template: { alwaysCopyOutput: true } }, changes)).cause).toBe('failed')
    expect(await bed.text(destination)).toBe('success')
  })

  it('reports its own fault, whatever goes wrong with what it leaves', async () => {
    bed.objects.upload = async () => {
      throw new Error('full')
    }
    expect(await bed.run(failing)).toMatchObject({ cause: 'failed', exitCode: 1 })
  })
})

describe('an attempt whose lease is lost', () => {
  it('commits nothing', async () => {
    const end = await bed.run(
      { script: 'echo 1 > job/out', detail: { outputs } },
      {
        onStarted: () => bed.abort('lost'),
      },
    )
    expect(end.cause).toBe('infrastructure')
    expect(await bed.uris(root)).toEqual([])
  })
})

describe('an attempt that is stopped when it has committed', () => {
  it('reports its success', async () => {
    const write = bed.objects.write.bind(bed.objects)
    bed.objects.write = async (uri, ...rest) => {
      const info = await write(uri, ...rest)
      if (uri === manifest) bed.abort('preempted')
      return info
    }
    expect((await bed.run({ script: 'echo 1 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(await bed.text(destination)).toBe('1\n')
  })
})
