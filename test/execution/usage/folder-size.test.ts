import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FolderSize } from '../../../client/src/execution/usage/folder-size.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()
const content = Buffer.alloc(100_000, 'x')

it('a folder takes what its own files take, at any depth', async () => {
  const folder = await makeFolder()
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  await writeFile(join(folder, 'file'), content)
  await writeFile(join(folder, 'deep/er/file'), content)
  const bytes = await new FolderSize(folder).bytes()
  expect(bytes).toBeGreaterThanOrEqual(200_000)
  expect(bytes).toBeLessThan(300_000)
})

it('what is written elsewhere counts too, if it can be told', async () => {
  const folder = await makeFolder()
  expect(await new FolderSize(folder, async () => 5).bytes()).toBe(5)
  expect(await new FolderSize(folder, () => Promise.reject(new Error('gone'))).bytes()).toBe(0)
})

it('inputs that are linked take nothing', async () => {
  const [store, folder] = [await makeFolder(), await makeFolder()]
  await writeFile(join(store, 'object'), content)
  await link(join(store, 'object'), join(folder, 'input'))
  await symlink(join(store, 'object'), join(folder, 'other'))
  expect(await new FolderSize(folder).bytes()).toBe(0)
})

it('is not measured again at once, and a folder that is gone takes nothing', async () => {
  const folder = await makeFolder()
  const size = new FolderSize(folder)
  expect(await size.bytes()).toBe(0)
  await writeFile(join(folder, 'file'), content)
  expect(await size.bytes()).toBe(0)
  expect(await new FolderSize(join(folder, 'nowhere')).bytes()).toBe(0)
})
