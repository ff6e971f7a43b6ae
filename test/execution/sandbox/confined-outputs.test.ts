import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryObjectStore } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostFolder } from '../../../client/src/execution/sandbox/host-folder.ts'
import { copyOpen, openOutput } from '../../../client/src/execution/sandbox/open-output.ts'

const innerRoot = '/io/batch/x'
const uri = 'memory:///stored'

let scratch: string
let host: HostFolder
let files: string
let objects: MemoryObjectStore

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'graupel-outputs-')))
  objects = new MemoryObjectStore()
  const folder = join(scratch, 'attempt')
  files = join(folder, 'files')
  host = new HostFolder({ folder, objects, localInputs: 'copy', links: { hostRoot: files, innerRoot } })
  await host.make()
  await host.makeFolder('job')
  await writeFile(join(scratch, 'secret'), 'of the machine')
})

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true })
})

const storedText = async () => Buffer.from(await objects.read(uri)).toString()

describe('what a container has made', () => {
  it.each([
    ['a link as the container saw it', ['v1/data', `${innerRoot}/job/v1/data`]],
    ['a way through such a link', ['v1/data', 'latest/data'], ['latest', `${innerRoot}/job/v1`]],
    ['a chain of both kinds', ['v1/data', 'a/v1/data'], ['a', 'b'], ['b', `${innerRoot}/job/c`], ['c', '../job']],
  ])('is found and stored behind %s', async (_, [made = '', target = ''], ...links) => {
    await mkdir(join(files, 'job/v1'))
    await writeFile(join(files, 'job', made), 'x')
    for (const [name = '', leadsTo = ''] of links) await symlink(leadsTo, join(files, 'job', name))
    await symlink(target, join(files, 'job/out'))
    expect(await host.inspect('job/out')).toEqual({ kind: 'file', isExecutable: false })
    expect(await host.readText('job/out', 10)).toBe('x')
    await host.stageOut('job/out', uri)
    expect(await storedText()).toBe('x')
  })

  it('is found in folders behind such links', async () => {
    await mkdir(join(files, 'job/v1/deep'), { recursive: true })
    await writeFile(join(files, 'job/v1/deep/data'), 'x')
    await mkdir(join(files, 'job/out'))
    await symlink(`${innerRoot}/job/v1`, join(files, 'job/latest'))
    await symlink('../latest/deep', join(files, 'job/out/sub'))
    const found = await host.inspect('job/out')
    expect(found).toMatchObject({ kind: 'folder', files: [{ path: 'sub/data' }] })
    await host.stageOut('job/out/sub/data', uri)
    expect(await storedText()).toBe('x')
  })

  it.each([
    ['an absolute way out', '/etc/passwd', 'outside the job'],
    ['a way up', '../../../secret', 'leads out'],
    ['a way up from an absolute link', `${innerRoot}/../secret`, 'leads out'],
    ['a name that begins like the folder', `${innerRoot}-secret`, 'outside the job'],
    ['no end', 'out', 'without an end'],
  ])('is refused where a link has %s', async (_, target, why) => {
    await symlink(target, join(files, 'job/out'))
    await expect(host.inspect('job/out')).rejects.toThrow(why)
    await expect(host.stageOut('job/out', uri, { mayChange: true })).rejects.toThrow(why)
    await mkdir(join(files, 'job/around'))
    await symlink(target === 'out' ? target : target.replace(/^\.\./, '../..'), join(files, 'job/around/out'))
    await expect(host.inspect('job/around')).rejects.toThrow(why)
  })
})

describe.each([true, false])('a file that is opened (told by its descriptor: %s)', (byDescriptor) => {
  const rule = () => ({ hostRoot: files, innerRoot })

  it('is copied as it was opened, whatever has its path by then', async () => {
    const real = join(files, 'job/f')
    await writeFile(real, 'opened')
    const handle = await openOutput({ real, path: 'job/f' }, rule(), byDescriptor)
    await rm(real)
    await symlink(join(scratch, 'secret'), real)
    await copyOpen(handle, join(scratch, 'copy'), byDescriptor)
    await handle.close()
    expect(await readFile(join(scratch, 'copy'), 'utf8')).toBe('opened')
  })

  it('is refused as a link, or below a link that leads out', async () => {
    await symlink(join(scratch, 'secret'), join(files, 'job/f'))
    await symlink(scratch, join(files, 'job/d'))
    const open = (path: string) => openOutput({ real: join(files, path), path }, rule(), byDescriptor)
    await expect(open('job/f')).rejects.toThrow('replaced by a symbolic link')
    await expect(open('job/d/secret')).rejects.toThrow('leads out')
  })

  it('is refused if it is none', async () => {
    const open = (path: string) => openOutput({ real: join(files, path), path }, rule(), byDescriptor)
    await expect(open('job')).rejects.toThrow('neither a file nor a folder')
  })
})
