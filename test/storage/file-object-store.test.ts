import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32cOf, FileObjectStore } from 'graupel/storage'
import { describe, expect, test } from 'vitest'
import { describeObjectStore } from '../conformance/object-store.ts'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()

describe('objects as files of a user', () => {
  const makeStore = async () => ({ store: new FileObjectStore(), root: `file://${await makeFolder()}` })
  describeObjectStore(makeStore, { lineBreaks: true, checksums: false })
})

describe('objects as files of our own, with checksums', () => {
  const makeStore = async () => {
    const folder = await makeFolder()
    return { store: new FileObjectStore({ ownFolders: [folder], checksums: true }), root: `file://${folder}` }
  }
  describeObjectStore(makeStore, { lineBreaks: true, checksums: true })
})

async function makeOwn() {
  const own = await makeFolder()
  const user = await makeFolder()
  await mkdir(join(own, 'job'))
  return { own, user, store: new FileObjectStore({ ownFolders: [own] }) }
}

const inodeOf = async (path: string) => (await stat(path)).ino
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('files of our own are linked up and down, read-only, and keep their executable bit', async () => {
  const { own, store } = await makeOwn()
  await writeFile(join(own, 'job/out'), 'x', { mode: 0o755 })
  const info = await store.upload(join(own, 'job/out'), `file://${own}/objects/a`)
  await store.download(info.uri, join(own, 'job/in'), { generation: info.generation })
  await store.copy(info.uri, `file://${own}/objects/b`)
  const inode = await inodeOf(join(own, 'job/out'))
  for (const name of ['objects/a', 'objects/b', 'job/in']) expect(await inodeOf(join(own, name))).toBe(inode)
  expect(await modeOf(join(own, 'job/in'))).toBe('555')
  expect(await store.stat(info.uri)).toEqual(info)
})

test('a user file is copied and left as it was, however it is reached', async () => {
  const { own, user, store } = await makeOwn()
  const input = join(user, 'input')
  await writeFile(input, 'mine', { mode: 0o644 })
  await store.download(`file://${input}`, join(own, 'job/in'))
  await store.upload(input, `file://${own}/objects/a`)
  await store.copy(`file://${input}`, `file://${own}/objects/b`)
  await symlink(input, join(own, 'job/symbolic'))
  await store.upload(join(own, 'job/symbolic'), `file://${own}/objects/c`)
  await link(input, join(own, 'job/hard'))
  await store.upload(join(own, 'job/hard'), `file://${own}/objects/d`)
  await symlink(user, join(own, 'job/folder'))
  await store.upload(join(own, 'job/folder/input'), `file://${own}/objects/e`)
  const inode = await inodeOf(input)
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    expect(await inodeOf(join(own, 'objects', name))).not.toBe(inode)
    expect(await readFile(join(own, 'objects', name), 'utf8')).toBe('mine')
  }
  expect(await inodeOf(join(own, 'job/in'))).not.toBe(inode)
  expect(await modeOf(input)).toBe('644')
})

test('what is copied out to a user is theirs to change', async () => {
  const { own, user, store } = await makeOwn()
  await store.write(`file://${own}/objects/a`, 'x')
  expect(await modeOf(join(own, 'objects/a'))).toBe('444')
  await store.copy(`file://${own}/objects/a`, `file://${user}/deep/result`)
  await writeFile(join(user, 'deep/result'), 'changed')
  expect(await readFile(join(own, 'objects/a'), 'utf8')).toBe('x')
  expect(await modeOf(join(user, 'deep/result'))).toBe('644')
})

test('something empty whose name ends with a slash is a folder', async () => {
  const { user, store } = await makeOwn()
  expect(await store.write(`file://${user}/a/b/`, '')).toMatchObject({ sizeBytes: 0 })
  expect((await stat(join(user, 'a/b'))).isDirectory()).toBe(true)
  await store.write(`file://${user}/a/b/`, '')
})

test('deletion tidies empty folders away, but only our own', async () => {
  const { own, user, store } = await makeOwn()
  await store.write(`file://${own}/a/b/c`, 'x')
  await store.write(`file://${user}/a/b`, 'x')
  await store.delete(`file://${own}/a/b/c`)
  await store.delete(`file://${user}/a/b`)
  expect(await readdir(own)).toEqual(['job'])
  expect(await readdir(user)).toEqual(['a'])
})

test('writers and deleters of one folder do not disturb each other', async () => {
  const { own, store } = await makeOwn()
  const cycle = async (index: number) => {
    for (let round = 0; round < 20; round++) {
      await store.write(`file://${own}/shared/folder/${index}`, 'x')
      await store.delete(`file://${own}/shared/folder/${index}`)
    }
  }
  await Promise.all(Array.from({ length: 6 }, (_, index) => cycle(index)))
  expect(await readdir(own)).toEqual(['job'])
})

test('neither failures nor successes leave parts behind', async () => {
  const { own, store } = await makeOwn()
  const uri = `file://${own}/objects/a`
  await store.write(uri, 'x')
  await store.write(uri, 'y')
  await store.copy(uri, uri.replace(/a$/, 'b'))
  await store.copy(uri, uri.replace(/a$/, 'b'))
  await expect(store.write(uri, 'z', { ifGeneration: '0' })).rejects.toThrow('another generation')
  await expect(store.write(uri, 'z', { ifGeneration: '1' })).rejects.toThrow('another generation')
  expect(await readdir(join(own, 'objects'))).toEqual(['a', 'b'])
})

test('a listing shows links to files, no folders and no files in the making', async () => {
  const { user, store } = await makeOwn()
  await writeFile(join(user, 'a'), 'x')
  await writeFile(join(user, '.graupel-part-1'), 'x')
  await symlink(join(user, 'a'), join(user, 'link'))
  await symlink(join(user, 'gone'), join(user, 'dangling'))
  await symlink(user, join(user, 'circle'))
  const names: string[] = []
  for await (const { uri } of store.list(`file://${user}/`)) names.push(uri.slice(`file://${user}/`.length))
  expect(names).toEqual(['a', 'link'])
})

test('checksums are computed only when asked for', async () => {
  const folder = await makeFolder()
  await writeFile(join(folder, 'a'), 'data')
  expect((await new FileObjectStore().stat(`file://${folder}/a`))?.crc32c).toBe('')
  const withChecksums = new FileObjectStore({ checksums: true })
  expect((await withChecksums.stat(`file://${folder}/a`))?.crc32c).toBe(crc32cOf(Buffer.from('data')))
})

test('a URI that is no path is refused by name', async () => {
  const store = new FileObjectStore()
  await expect(store.stat('file://relative')).rejects.toThrow('"file://relative" is not a file\'s URI: write file:///')
  await expect(store.stat('gs://b/a')).rejects.toThrow('write file:///absolute/path')
  await expect(store.stat('words.txt')).rejects.toThrow('"words.txt" is not an object\'s URI')
})
