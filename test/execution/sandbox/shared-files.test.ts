import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MemoryObjectStore, ObjectNotFoundError } from 'graupel/storage'
import { expect, it } from 'vitest'
import { SharedFiles } from '../../../client/src/execution/sandbox/shared-files.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

async function makeBed() {
  const folder = join(await makeFolder(), 'code')
  const objects = new MemoryObjectStore()
  return { folder, objects, files: new SharedFiles(folder) }
}

it('what several read is fetched once, under its own name', async () => {
  const { folder, objects, files } = await makeBed()
  await objects.write('memory:///b/code.mjs', 'text')
  const paths = await Promise.all([1, 2].map(() => files.read('memory:///b/code.mjs', objects)))
  expect(new Set(paths).size).toBe(1)
  expect(basename(paths[0] ?? '')).toBe('code.mjs')
  expect(await readFile(paths[0] ?? '', 'utf8')).toBe('text')
  expect(await readdir(folder)).toHaveLength(1)
})

it('what is not there is asked for anew by the next', async () => {
  const { objects, files } = await makeBed()
  await expect(files.read('memory:///b/code.mjs', objects)).rejects.toThrow(ObjectNotFoundError)
  await objects.write('memory:///b/code.mjs', 'text')
  expect(await readFile(await files.read('memory:///b/code.mjs', objects), 'utf8')).toBe('text')
})

it('of what nobody reads any more, the newest are kept, and what is read stays', async () => {
  const { folder, objects, files } = await makeBed()
  const uris = Array.from({ length: 100 }, (_, index) => `memory:///b/${index}.mjs`)
  for (const uri of uris) await objects.write(uri, uri)
  const [first = ''] = uris
  const read = await files.read(first, objects)
  for (const uri of uris.slice(1)) {
    await files.read(uri, objects)
    files.release(uri)
  }
  await expect.poll(() => readdir(folder)).toHaveLength(64)
  expect(await readFile(read, 'utf8')).toBe(first)
})
