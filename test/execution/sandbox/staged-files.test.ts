import { appendFile, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileObjectStore, fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostFolder, type HostFolderOptions } from '../../../client/src/execution/sandbox/host-folder.ts'

let scratch: string
let objects: FileObjectStore
let uri: string
let stored: string

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'graupel-staged-'))
  objects = new FileObjectStore({ ownFolders: [scratch] })
  stored = join(scratch, 'objects/made')
  uri = fileUriOf(stored)
})

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true })
})

/** Stores a file as a job has left it. */
const store = async (mode: number, text = 'made') => {
  const made = join(scratch, 'made')
  await writeFile(made, text)
  await chmod(made, mode)
  await objects.upload(made, uri)
  await rm(made)
}

const open = async (options: Partial<HostFolderOptions>) => {
  const folder = join(scratch, 'attempt')
  const host = new HostFolder({ folder, objects, localInputs: 'link', links: 'anywhere', ...options })
  await host.make()
  return host
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('a stored file that a job reads', () => {
  it.each([
    ['commands that may write to read-only files', { ignoresPermissions: true }],
    ['commands of any user', { isForAnyUser: true }],
  ])('is a copy for %s, so what they do to it changes nothing', async (_, options) => {
    for (const text of ['made', 'm'.repeat(300_000)]) {
      await store(0o644, text)
      const host = await open(options)
      await host.stageIn({ uri }, 'job/in')
      const place = join(host.files, 'job/in')
      expect(await modeOf(place)).toBe(0o444)
      await chmod(place, 0o644)
      await appendFile(place, ' and changed')
      expect(await readFile(stored, 'utf8')).toBe(text)
      await host.remove()
    }
  })

  it('is a copy also under the longest name', async () => {
    await store(0o644)
    const host = await open({ ignoresPermissions: true })
    await host.stageIn({ uri }, `job/${'n'.repeat(255)}`)
    expect(await readFile(join(host.files, 'job', 'n'.repeat(255)), 'utf8')).toBe('made')
  })

  it('is a link where permissions bind', async () => {
    await store(0o644)
    const host = await open({ ignoresPermissions: false })
    await host.stageIn({ uri }, 'job/in')
    expect((await stat(join(host.files, 'job/in'))).ino).toBe((await stat(stored)).ino)
  })

  it.skipIf(process.getuid?.() !== 0)('is a copy if this process is the superuser’s', async () => {
    await store(0o644)
    const host = await open({})
    await host.stageIn({ uri }, 'job/in')
    expect((await stat(join(host.files, 'job/in'))).ino).not.toBe((await stat(stored)).ino)
  })

  it.each([
    ['0600', {}, 0o444],
    ['0700', {}, 0o544],
    ['0700', { isExecutable: true }, 0o555],
    ['0600', { isWritable: true }, 0o666],
  ])('with the rights %s can be used by any user who needs to: %o', async (mode, object, expected) => {
    await store(Number.parseInt(mode, 8))
    const host = await open({ isForAnyUser: true })
    await host.stageIn({ uri, ...object }, 'job/in')
    expect(await modeOf(join(host.files, 'job/in'))).toBe(expected)
    expect((await modeOf(stored)) & 0o077).toBe(0)
  })
})
