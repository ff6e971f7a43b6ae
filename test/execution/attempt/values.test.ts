import { manifestSchema, objectPaths } from 'graupel/model'
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

const outputs = [output('out', 'value:1')]
const place = objectPaths.value(root, 1, '1')
const manifestOf = async () => manifestSchema.parse(JSON.parse(await bed.text(objectPaths.manifest(root, 1))))

describe('a result that a run keeps', () => {
  it('is in the manifest itself if it is small, and then at its place', async () => {
    expect((await bed.run({ script: 'echo 42 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(await manifestOf()).toMatchObject({ outputs: {}, values: { 'job/out': '42\n' } })
    expect(await bed.text(place)).toBe('42\n')
    expect(await bed.uris(`${root}/files/jobs/`)).toEqual([])
  })

  it('is a file like others if it is long, is no text, or is wanted elsewhere, too', async () => {
    const scripts = { long: 'seq 10000 > job/out', bytes: 'printf "\\xff" > job/out', elsewhere: 'echo 1 > job/out' }
    for (const [index, [name, script]] of Object.entries(scripts).entries()) {
      const wanted = name === 'elsewhere' ? [output('out', 'value:1', 'gs://bucket/out')] : outputs
      await bed.run({ job: index + 1, script, detail: { outputs: wanted } })
      const text = await bed.text(objectPaths.manifest(root, index + 1))
      expect(manifestSchema.parse(JSON.parse(text)), name).toMatchObject({ outputs: { 'job/out': { kind: 'file' } } })
      expect(await bed.uris(objectPaths.value(root, index + 1, '1')), name).toHaveLength(1)
    }
  })

  it('comes to later jobs as a file that they cannot change', async () => {
    await bed.run({ script: 'echo 42 > job/out', detail: { outputs } })
    const inputs = [{ kind: 'job' as const, job: 1, path: 'job/out' }]
    const script = 'cat job/out > job/seen; stat -c %a job/out >> job/seen'
    const detail = { inputs, outputs: [output('seen', 'gs://bucket/seen')] }
    expect((await bed.run({ job: 2, script, detail })).cause).toBe('success')
    expect(await bed.text('gs://bucket/seen')).toBe('42\n444\n')
  })

  it('is put at its place by whoever finds the manifest of an attempt that was lost before', async () => {
    await bed.run({ script: 'echo 42 > job/out', detail: { outputs } })
    await bed.objects.delete(place)
    expect((await bed.run({ attempt: 2, script: 'echo 43 > job/out', detail: { outputs } })).cause).toBe('success')
    expect(await bed.text(place)).toBe('42\n')
  })
})
