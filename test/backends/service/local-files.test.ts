import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidBatchError } from 'graupel'
import type { StoredOutput } from 'graupel/model'
import { FileObjectStore, fileUriOf, MemoryObjectStore } from 'graupel/storage'
import pLimit from 'p-limit'
import { beforeEach, describe, expect, it } from 'vitest'
import { fetchOutput } from '../../../client/src/backends/service/fetch-output.ts'
import { uploadInputs } from '../../../client/src/backends/service/upload-inputs.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

let folder: string

beforeEach(async () => {
  folder = await makeFolder()
})

describe('local inputs', () => {
  let objects: MemoryObjectStore

  beforeEach(() => {
    objects = new MemoryObjectStore({ schemes: ['gs'] })
  })

  const upload = () => uploadInputs(objects, [{ path: join(folder, 'in'), uri: 'gs://b/in', job: 'reader' }])
  const uploaded = async () => (await Array.fromAsync(objects.list('gs://b/'))).map(({ uri }) => uri)

  it('are uploaded with their empty folders', async () => {
    await mkdir(join(folder, 'in/empty'), { recursive: true })
    await writeFile(join(folder, 'in/a'), 'a')
    await upload()
    expect(await uploaded()).toEqual(['gs://b/in/a', 'gs://b/in/empty/'])
  })

  it.each([
    ['a file that is not there', async () => undefined, 'in'],
    ['a pipe', async () => execFileSync('mkfifo', [join(folder, 'in')]), 'in'],
    ['a device', () => symlink('/dev/zero', join(folder, 'in')), 'in'],
    [
      'a link to nothing in a folder',
      async () => {
        await mkdir(join(folder, 'in'))
        await writeFile(join(folder, 'in/a'), 'a')
        await symlink('nothing', join(folder, 'in/dangling'))
      },
      'in/dangling',
    ],
  ])('are refused by name, and nothing is sent: %s', async (_, make, named) => {
    await make()
    const error = await upload().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(InvalidBatchError)
    expect(error).toMatchObject({
      job: 'reader',
      message: expect.stringContaining(JSON.stringify(join(folder, named))),
    })
    expect(await uploaded()).toEqual([])
  })
})

describe('local destinations', () => {
  const objects = new FileObjectStore()
  const limit = pLimit(4)

  const storedFile = async (path: string, isExecutable = false) => {
    const { uri, generation, sizeBytes, crc32c } = await objects.write(fileUriOf(join(folder, `stored${path}`)), 'x')
    return { path, uri, generation, sizeBytes, crc32c, isExecutable }
  }
  const fetch = (output: StoredOutput, to = join(folder, 'out')) => fetchOutput(objects, output, fileUriOf(to), limit)

  it('are written, a file with its right to be run, a folder with its empty folders', async () => {
    await fetch({ kind: 'file', files: [await storedFile('', true)] })
    expect((await stat(join(folder, 'out'))).mode & 0o777).toBe(0o755)
    await fetch({ kind: 'folder', files: [await storedFile('a')], emptyFolders: ['b/c'] }, join(folder, 'all'))
    expect(await readFile(join(folder, 'all/a'), 'utf8')).toBe('x')
    expect(await readdir(join(folder, 'all/b/c'))).toEqual([])
  })

  it('are made for an output that is an empty folder', async () => {
    await fetch({ kind: 'folder', files: [] })
    expect(await readdir(join(folder, 'out'))).toEqual([])
  })

  it.each(['file', 'folder'] as const)('that cannot be written are named, for a %s', async (kind) => {
    await writeFile(join(folder, 'occupied'), '')
    const output = { kind, files: kind === 'file' ? [await storedFile('')] : [] }
    const place = join(folder, 'occupied/out')
    await expect(fetch(output, place)).rejects.toThrow(InvalidBatchError)
    await expect(fetch(output, place)).rejects.toThrow(JSON.stringify(place))
  })

  it('leave errors of the service as they are', async () => {
    const missing = { ...(await storedFile('')), uri: fileUriOf(join(folder, 'nothing')) }
    await expect(fetch({ kind: 'file', files: [missing] })).rejects.toThrow('there is no object')
  })
})
