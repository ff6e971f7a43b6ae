import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { KnownFiles } from '../../../client/src/execution/sandbox/known-files.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

async function makeBed() {
  const root = join(await makeFolder(), 'attempt')
  await mkdir(join(root, 'files/job/inner'), { recursive: true })
  const known = new KnownFiles(root)
  known.addFolder(join(root, 'files'))
  known.addFolder(join(root, 'files/job'))
  return { root, known, file: join(root, 'files/job/inner/a') }
}

it('a folder of known files alone is removed, also where somebody else made the folders around them', async () => {
  const { root, known, file } = await makeBed()
  await writeFile(file, '')
  await symlink('/nowhere', join(root, 'files/link'))
  known.addFile(file)
  known.addFile(join(root, 'files/link'))
  known.addFile(join(root, 'files/never-made'))
  expect(await known.removeAll()).toBe(true)
  expect(existsSync(root)).toBe(false)
})

it('a folder with something else in it stays', async () => {
  const { root, known, file } = await makeBed()
  await writeFile(file, '')
  expect(await known.removeAll()).toBe(false)
  expect(existsSync(file)).toBe(true)
  expect(existsSync(root)).toBe(true)
})

it('what was cleared away is not known any more', async () => {
  const { root, known } = await makeBed()
  known.forget(join(root, 'files'))
  expect(known.hasFolder(join(root, 'files/job'))).toBe(false)
  expect(known.hasFolder(join(root, 'files'))).toBe(true)
})
